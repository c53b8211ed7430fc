/** A namespace with routers to be had: both ends of a veth pair, up, with addresses on `v0`, and `lo` up. */
import { NetworkStack } from '../../../../src/index.js'
import { testNamespace, type JsonObject, type TestNamespace } from '../../../setup/namespace.js'

export interface Wired extends AsyncDisposable {
  readonly ns: TestNamespace
  readonly stack: NetworkStack
  /** The index of a link. */
  indexOf(name: string): Promise<number>
  /** The route to a destination as `ip -j -d route` prints it; undefined if there is none. */
  ipRoute(destination: string, ...args: string[]): Promise<JsonObject | undefined>
}

/** `v0` has 10.0.0.1/24 and fd00::1/64; anything in those is a gateway. */
export async function wired(): Promise<Wired> {
  const ns = await testNamespace()
  await ns.run('sh', '-c', commands.join(' && '))
  const stack = await NetworkStack.open({ namespace: { path: ns.path } })
  return {
    ns,
    stack,
    async indexOf(name) {
      const [link] = await ns.ip('link', 'show', 'dev', name)
      return link?.['ifindex'] as number
    },
    async ipRoute(destination, ...args) {
      const family = destination.includes(':') ? '-6' : '-4'
      const [route] = await ns.json('ip', family, '-j', '-d', 'route', 'show', destination, ...args)
      return route
    },
    async [Symbol.asyncDispose]() {
      await stack.close()
      ns.close()
    }
  }
}

const commands = [
  'ip link set lo up',
  'ip link add v0 type veth peer name v1',
  'ip link set v0 addrgenmode none',
  'ip link set v1 addrgenmode none',
  'ip link set v0 up',
  'ip link set v1 up',
  'ip addr add 10.0.0.1/24 dev v0',
  'ip addr add fd00::1/64 dev v0 nodad'
]
