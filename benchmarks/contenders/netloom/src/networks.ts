import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NetlinkError, NetworkStack } from 'netloom'
import type { NetworkNamespace } from 'netloom'
import { ContainerNetworks } from 'netloom/container'
import type { Endpoint, Sandbox } from 'netloom/container'
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

interface Sandboxes {
  readonly container: ContainerNetworks
  readonly ports: number
}

/** The namespaces are there already. */
const create = ({ container }: Sandboxes, i: number): Promise<Sandbox> =>
  container.sandboxes.create({ name: `s${i}`, namespace: { path: `/run/netns/s${i}` } })

function connect(sandbox: Sandbox, i: number, ports: number): Promise<Endpoint> {
  if (ports === 0) return sandbox.connect(network)
  const published = { containerPort: range(8000, ports), hostPort: range(20_000 + i * ports, ports) }
  return sandbox.connect(network, { ports: [published] })
}

interface Taken {
  readonly connect: number[]
  readonly disconnect: number[]
  readonly gone: number[]
}

const since = (begun: bigint): number => Number(process.hrtime.bigint() - begun) / 1e3

/** The first `discard` warm up. Once it took `seconds`, one sample is enough, and there may be no warming up. */
async function take(sandbox: Sandbox, all: Sandboxes, stack: NetworkStack, args: Arguments): Promise<Taken> {
  const discard = args.number('discard')
  const total = discard + args.number('count')
  const longest = args.number('seconds') * 1e3
  const taken: Taken = { connect: [], disconnect: [], gone: [] }
  const start = performance.now()
  let done = 0
  for (; done < total && (done === 0 || performance.now() - start < longest); done++) {
    let begun = process.hrtime.bigint()
    const { hostInterfaceName } = await connect(sandbox, measured, all.ports)
    taken.connect.push(since(begun))
    begun = process.hrtime.bigint()
    await sandbox.disconnect(network)
    taken.disconnect.push(since(begun))
    await all.container.settled()
    taken.gone.push(since(begun))
    await requireGone(stack, hostInterfaceName!)
  }
  const skipped = Math.min(discard, done - 1)
  return {
    connect: taken.connect.slice(skipped),
    disconnect: taken.disconnect.slice(skipped),
    gone: taken.gone.slice(skipped)
  }
}

async function requireGone(stack: NetworkStack, link: string): Promise<void> {
  try {
    await stack.links.get(link)
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'ENODEV') return
    throw error
  }
  throw new Error(`${link} is still there`)
}

async function measure(container: ContainerNetworks, args: Arguments): Promise<void> {
  const all = { container, ports: args.number('ports') }
  const others = args.number('others')
  await using stack = await NetworkStack.open()
  await container.networks.create({ name: network, pools: [{ subnet }] })
  const sandboxes: Sandbox[] = []
  for (let i = 0; i < firstOther + others; i++) sandboxes.push(await create(all, i))
  await connect(sandboxes[stays]!, stays, 0)
  const sandbox = sandboxes[measured]!
  const report = Report.startUnmetered()
  if (others > 0) report.samples('first', (await take(sandbox, all, stack, args)).connect)
  for (let i = firstOther; i < firstOther + others; i++) await connect(sandboxes[i]!, i, all.ports)
  const taken = await take(sandbox, all, stack, args)
  for (const [name, samples] of Object.entries(taken)) report.samples(name, samples as number[])
  await report.print(taken.connect.length)
}

export async function networkConnect(args: Arguments): Promise<void> {
  await using container = await ContainerNetworks.open()
  await measure(container, args)
}

/** The same with a state directory, on the disk that has the directory for temporary files. */
export async function networkConnectState(args: Arguments): Promise<void> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'netloom-bench-'))
  try {
    await using container = await ContainerNetworks.open({ stateDirectory })
    await measure(container, args)
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
