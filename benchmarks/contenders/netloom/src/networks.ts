import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NetlinkError, NetworkStack } from 'netloom'
import type { NetworkNamespace } from 'netloom'
import { ContainerNetworks } from 'netloom/container'
import type { ContainerNetworksOptions, Endpoint, Sandbox } from 'netloom/container'
import type { Arguments } from './arguments.js'
import { Report } from './report.js'

const network = 'bench'
const subnet = '10.88.0.0/16'

/** The sandboxes: one that stays connected and publishes nothing, the one that is measured, and further ones. */
const stays = 0
const measured = 1
const firstOther = 2

const range = (first: number, count: number): string =>
  count === 1 ? String(first) : `${first}-${first + count - 1}`

function connect(sandbox: Sandbox, i: number, ports: number): Promise<Endpoint> {
  if (ports === 0) return sandbox.connect(network)
  const published = { containerPort: range(8000, ports), hostPort: range(20_000 + i * ports, ports) }
  return sandbox.connect(network, { ports: [published] })
}

/** Microseconds. */
interface Samples {
  readonly connect: number[]
  readonly disconnect: number[]
  readonly gone: number[]
}

const since = (begun: bigint): number => Number(process.hrtime.bigint() - begun) / 1e3

class Measuring {
  readonly #container: ContainerNetworks
  readonly #stack: NetworkStack
  readonly #args: Arguments

  constructor(container: ContainerNetworks, stack: NetworkStack, args: Arguments) {
    this.#container = container
    this.#stack = stack
    this.#args = args
  }

  async run(): Promise<void> {
    const ports = this.#args.number('ports')
    const others = this.#args.number('others')
    await this.#container.networks.create({ name: network, pools: [{ subnet }] })
    const sandboxes: Sandbox[] = []
    for (let i = 0; i < firstOther + others; i++) sandboxes.push(await this.#create(i))
    await connect(sandboxes[stays]!, stays, 0)
    const sandbox = sandboxes[measured]!
    const report = Report.startUnmetered()
    if (others > 0) report.samples('first', (await this.#take(sandbox, ports)).connect)
    for (let i = firstOther; i < firstOther + others; i++) await connect(sandboxes[i]!, i, ports)
    const samples = await this.#take(sandbox, ports)
    report.samples('connect', samples.connect)
    report.samples('disconnect', samples.disconnect)
    report.samples('gone', samples.gone)
    await report.print(samples.connect.length)
  }

  /** The namespaces are there already. */
  #create(i: number): Promise<Sandbox> {
    return this.#container.sandboxes.create({ name: `s${i}`, namespace: { path: `/run/netns/s${i}` } })
  }

  /** The first `discard` warm up. Once it took `seconds`, one sample is enough, and there may be no warming up. */
  async #take(sandbox: Sandbox, ports: number): Promise<Samples> {
    const discard = this.#args.number('discard')
    const total = discard + this.#args.number('count')
    const longest = this.#args.number('seconds') * 1e3
    const samples: Samples = { connect: [], disconnect: [], gone: [] }
    const start = performance.now()
    let done = 0
    for (; done < total && (done === 0 || performance.now() - start < longest); done++) {
      await this.#once(sandbox, ports, samples)
    }
    const skipped = Math.min(discard, done - 1)
    for (const list of Object.values(samples) as number[][]) list.splice(0, skipped)
    return samples
  }

  async #once(sandbox: Sandbox, ports: number, samples: Samples): Promise<void> {
    let begun = process.hrtime.bigint()
    const { hostInterfaceName } = await connect(sandbox, measured, ports)
    samples.connect.push(since(begun))
    begun = process.hrtime.bigint()
    await sandbox.disconnect(network)
    samples.disconnect.push(since(begun))
    await this.#container.settled()
    samples.gone.push(since(begun))
    await this.#requireGone(hostInterfaceName!)
  }

  async #requireGone(link: string): Promise<void> {
    try {
      await this.#stack.links.get(link)
    } catch (error) {
      if (error instanceof NetlinkError && error.code === 'ENODEV') return
      throw error
    }
    throw new Error(`${link} is still there`)
  }
}

async function measure(args: Arguments, options: ContainerNetworksOptions = {}): Promise<void> {
  await using container = await ContainerNetworks.open(options)
  await using stack = await NetworkStack.open()
  await new Measuring(container, stack, args).run()
}

export const networkConnect = (args: Arguments): Promise<void> => measure(args)

/** The same where nobody serves names. */
export const networkConnectNameless = (args: Arguments): Promise<void> =>
  measure(args, { nameService: false })

/** The same with a state directory, on the disk that has the directory for temporary files. */
export async function networkConnectState(args: Arguments): Promise<void> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'netloom-bench-'))
  try {
    await measure(args, { stateDirectory })
  } finally {
    await rm(stateDirectory, { recursive: true, force: true })
  }
}

/** Compiles all of that, with a host that is thrown away. */
export async function connectAndDisconnect(host: NetworkNamespace, guest: NetworkNamespace): Promise<void> {
  await using container = await ContainerNetworks.open({ host })
  await container.networks.create({ name: network, pools: [{ subnet }] })
  const sandbox = await container.sandboxes.create({ namespace: { path: guest.path } })
  for (let i = 0; i < 100; i++) {
    await connect(sandbox, measured, i % 10 === 0 ? 100 : 1)
    await sandbox.disconnect(network)
  }
}
