import { NetworkNamespace } from 'netloom'
import type { Measurement } from '../measurement.js'
import type { Case, Figure, Scenario, Stage } from '../scenario.js'
import { pick } from '../scenario.js'
import { plain } from './plain.js'

/** Sandboxes that are connected to a bridge network and disconnected: `netloom/container` and its peers. */
export const containerNetworks: Scenario = {
  id: 'container-networks',
  title: 'Container networks',
  description:
    'A sandbox is connected to a bridge network, with published TCP ports, and disconnected, again and again: until ' +
    'the call returns, or the program ends, and until its link is deleted. Another one stays connected all the time. ' +
    'netloom keeps its state in memory or in a directory, chooses addresses and ports, and serves names; netavark is ' +
    'told the address, and serves no names; the CNI plugins choose it; `ip` and `nft` are told everything.',
  cases(sizes) {
    const calls = { count: pick(sizes, 30, 2), discard: pick(sizes, 10, 1) }
    const others = pick(sizes, 200, 3)
    const ports = pick(sizes, 1_000, 20)
    return [
      connect('connect and disconnect, one published port', { ...calls, others: 0, ports: 1 }),
      connect(`the same beside ${plain(others)} others with published ports`, { ...calls, others, ports: 1 }),
      connect(`one sandbox with ${plain(ports)} published ports`, { ...calls, others: 0, ports })
    ]
  }
}

interface Connecting {
  readonly count: number
  readonly discard: number
  /** How many are connected meanwhile, with as many published ports. */
  readonly others: number
  readonly ports: number
}

/** Seconds after which who takes long has enough samples. */
const longest = 20

function connect(title: string, connecting: Connecting): Case {
  const first: Figure = { title: 'connect before the others, median', path: 'samples.first.p50', unit: 'µs' }
  return {
    title,
    operation: 'network-connect',
    arguments: { ...connecting, seconds: longest },
    series: title,
    size: connecting.ports,
    figures: [
      ...figures('connect', 'connect'),
      ...(connecting.others > 0 ? [first] : []),
      ...figures('disconnect', 'disconnect'),
      ...figures('gone', 'until gone')
    ],
    work: 1,
    perform: (stage) => inNamespaces(connecting.others + 2, stage)
  }
}

function figures(part: string, title: string): Figure[] {
  return ['p50', 'p90', 'p99'].map((quantile) => ({
    title: `${title}, ${quantile === 'p50' ? 'median' : quantile}`,
    path: `samples.${part}.${quantile}`,
    unit: 'µs'
  }))
}

/** Has the namespaces `s0`, `s1`, … for the sandboxes meanwhile. */
async function inNamespaces(count: number, { start }: Stage): Promise<Measurement> {
  const namespaces: NetworkNamespace[] = []
  try {
    for (let i = 0; i < count; i++) {
      namespaces.push(await NetworkNamespace.create(`s${i}`, { removeOnClose: true }))
    }
    return await (await start({})).measurement()
  } finally {
    for (const namespace of namespaces) await namespace.close()
  }
}
