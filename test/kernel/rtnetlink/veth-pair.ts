/** A namespace with `lo` and both ends of a veth pair up, without addresses of their own, and netloom in it. */
import { NetworkStack } from '../../../src/index.js'
import { testNamespace, type TestNamespace } from '../../setup/namespace.js'

export interface VethPair extends AsyncDisposable {
  readonly ns: TestNamespace
  readonly stack: NetworkStack
  /** The index of a link. */
  indexOf(name: string): Promise<number>
}

export async function vethPair(...more: string[]): Promise<VethPair> {
  const ns = await testNamespace()
  await ns.run('sh', '-ec', [...commands, ...more].join('\n'))
  const stack = await NetworkStack.open({ namespace: { path: ns.path } })
  return {
    ns,
    stack,
    async indexOf(name) {
      const [link] = await ns.ip('link', 'show', 'dev', name)
      return link?.['ifindex'] as number
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
  'ip link set v1 up'
]
