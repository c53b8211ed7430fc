/** Two empty namespaces, with netloom in both. */
import { NetworkStack } from '../../../../src/index.js'
import { testNamespace, type JsonObject, type TestNamespace } from '../../../setup/namespace.js'

export interface Lab extends AsyncDisposable {
  readonly ns: TestNamespace
  readonly host: NetworkStack
  /** The namespace of `guest`. */
  readonly other: TestNamespace
  readonly guest: NetworkStack
  /** What `ip -j -d` prints of one link. */
  ip(name: string): Promise<JsonObject>
}

export async function lab(): Promise<Lab> {
  const ns = await testNamespace()
  const other = await testNamespace()
  const host = await NetworkStack.open({ namespace: { path: ns.path } })
  const guest = await NetworkStack.open({ namespace: { path: other.path } })
  return {
    ns,
    host,
    other,
    guest,
    async ip(name) {
      const [link] = await ns.ip('link', 'show', 'dev', name)
      return link ?? {}
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([host.close(), guest.close()])
      ns.close()
      other.close()
    }
  }
}
