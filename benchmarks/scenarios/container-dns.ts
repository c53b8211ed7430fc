import { availableParallelism } from 'node:os'
import { NetworkNamespace } from 'netloom'
import { ContenderError } from '../contender-process.js'
import type { OperationArguments } from '../contender-process.js'
import type { Measurement } from '../measurement.js'
import type { Room } from '../room.js'
import type { Case, Figure, Scenario, Sizes, Stage } from '../scenario.js'
import { pick } from '../scenario.js'
import { plain } from './plain.js'

/** The name service of a bridge network, asked by a sandbox: `netloom/container` and its peers. */
export const containerDns: Scenario = {
  id: 'container-dns',
  title: 'Names on container networks',
  description:
    'One of two sandboxes on a bridge network asks for the IPv4 address of the other one by its name, at a given ' +
    'rate: each query is due at a moment of its own, whatever became of those before, and its delay counts from ' +
    'there. The server has one processor, with all of its threads, and the client, the floor, has another one. ' +
    'netloom and Docker serve at 127.0.0.11 inside of the sandbox; dnsmasq and aardvark-dns at the address of the ' +
    "bridge. CPU is the server's. With a first upstream server that is dead, names that a second one knows are asked for, one " +
    'after another.',
  cases: (sizes) => [atRate(sizes), most(sizes), deadUpstream(sizes)]
}

/** The server's processor, and that of who asks it; where there is but one, both have that. */
const processors = availableParallelism() > 1 ? { server: 0, client: 1 } : { server: 0, client: 0 }

/** Seconds at a rate before the clock starts, in which the engine compiles what is needed. */
const discard = 3

const delays: readonly Figure[] = [
  { title: 'answer, p99', path: 'samples.answer.p99', unit: 'µs' },
  { title: 'median', path: 'samples.answer.p50', unit: 'µs' },
  { title: 'longest', path: 'samples.answer.max', unit: 'µs' },
  { title: 'lost', path: 'extra.lost', unit: 'number' },
  { title: 'CPU for each', path: 'extra.each', unit: 's' },
  { title: 'sent late by the client, p99', path: 'samples.late.p99', unit: 'µs' }
]

function atRate(sizes: Sizes): Case {
  const rate = pick(sizes, 20_000, 1_000)
  const seconds = pick(sizes, 10, 1)
  const before = pick(sizes, discard, 1)
  return {
    ...serve(''),
    title: `${plain(rate)} queries a second for a local name`,
    series: 'queries at a rate',
    size: rate,
    figures: delays,
    perform: async (stage) => {
      const load = { rate, seconds, discard: before }
      const { client, server } = await asked(stage, 'dns-load', { name: 's0', ...load })
      const lost = rate * seconds - client.count
      const each = server.cpu / (rate * (before + seconds) - lost)
      return { ...client, cpu: server.cpu, rss: server.rss, extra: { lost, each } }
    }
  }
}

function most(sizes: Sizes): Case {
  return {
    ...serve(''),
    title: 'the most queries a second, 99 of 100 answered within 5 ms',
    series: 'the most queries',
    size: 1,
    runs: 3,
    figures: [
      { title: 'sustained', path: 'extra.sustained', unit: 'per second' },
      { title: 'sent late by the client, p99, at the rate that was too high', path: 'extra.late', unit: 'µs' }
    ],
    perform: async (stage) => {
      const rates = {
        first: pick(sizes, 5_000, 500),
        most: pick(sizes, 500_000, 1_000),
        seconds: pick(sizes, 2, 1)
      }
      const { client, server } = await asked(stage, 'dns-limit', { name: 's0', ...rates })
      return { ...client, cpu: server.cpu, rss: server.rss }
    }
  }
}

/** On `wire0`; the second one knows every name. */
const upstreams = { dead: '10.255.1.1', alive: '10.255.1.2' }
/** What it answers (RFC 5737). */
const answered = '192.0.2.1'

function deadUpstream(sizes: Sizes): Case {
  return {
    ...serve(`${upstreams.dead},${upstreams.alive}`),
    title: 'the first upstream server is dead',
    series: 'a dead upstream server',
    size: 1,
    figures: [
      { title: 'first answer', path: 'samples.first.p50', unit: 'µs' },
      { title: 'the next ones, median', path: 'samples.next.p50', unit: 'µs' },
      { title: 'longest', path: 'samples.next.max', unit: 'µs' },
      { title: 'the last of 40, or within 8 s', path: 'samples.last.p50', unit: 'µs' }
    ],
    setting: { prepare: addUpstreams },
    beside: ['dns-ask', 'dns-upstreams'],
    perform: async (stage) => {
      const servers = await stage.start({
        contender: stage.floor,
        operation: 'dns-upstreams',
        arguments: { ...upstreams, address: answered }
      })
      await servers.ready
      try {
        const often = { count: pick(sizes, 40, 2), seconds: 8 }
        const { client, server } = await asked(stage, 'dns-ask', { address: answered, ...often })
        return { ...client, cpu: server.cpu, rss: server.rss }
      } finally {
        servers.finish()
        await servers.lastLine()
      }
    }
  }
}

async function addUpstreams({ stack }: Room): Promise<void> {
  for (const address of Object.values(upstreams)) await stack.addresses.add('wire0', `${address}/32`)
}

const serve = (servers: string) => ({
  operation: 'dns-serve',
  arguments: { upstreams: servers },
  beside: ['dns-load', 'dns-limit'],
  work: 1,
  repeated: true
})

interface Asked {
  readonly client: Measurement
  readonly server: Measurement
}

/** Lets the contender serve the sandboxes `s0` and `s1`, and the floor ask it. */
async function asked(stage: Stage, operation: string, how: OperationArguments): Promise<Asked> {
  const namespaces: NetworkNamespace[] = []
  try {
    for (const name of ['s0', 's1']) {
      namespaces.push(await NetworkNamespace.create(name, { removeOnClose: true }))
    }
    const serving = await stage.start({ processor: processors.server })
    const [ready, server = '', namespace = '', address = ''] = (await serving.ready).split(' ')
    if (ready !== 'ready') throw new ContenderError('its first line does not begin with "ready"')
    try {
      const client = await stage.start({
        contender: stage.floor,
        operation,
        arguments: { server, namespace, address, ...how },
        processor: processors.client
      })
      const measurement = await client.measurement()
      serving.finish()
      return { client: measurement, server: await serving.measurement() }
    } finally {
      serving.finish()
      await serving.lastLine().catch(() => '')
    }
  } finally {
    for (const namespace of namespaces) await namespace.close()
  }
}
