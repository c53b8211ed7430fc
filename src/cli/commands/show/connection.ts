import type { NamespaceReference } from '../../../namespace/index.js'
import type { NetlinkConnection } from '../../../netlink/index.js'

/** What commands have that look into a namespace. */
export interface NamespaceWords {
  readonly namespace?: NamespaceReference
}

/**
 * Connects to the kernel in a namespace for the time of `use`. A whole `NetworkStack` would take several times as long
 * to load as what one command needs.
 */
export async function withConnection<T>(
  { namespace }: NamespaceWords,
  use: (connection: NetlinkConnection) => Promise<T>
): Promise<T> {
  const connection = await connect(namespace)
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

async function connect(reference: NamespaceReference | undefined): Promise<NetlinkConnection> {
  const { NetlinkConnection } = await import('../../../netlink/index.js')
  const { NETLINK_ROUTE } = await import('../../../rtnetlink/rtnetlink.js')
  const { resolveLinkNames } = await import('../../../rtnetlink/link-lookup.js')
  const options = { protocol: NETLINK_ROUTE, resolveNames: resolveLinkNames }
  if (reference === undefined) return NetlinkConnection.open(options)
  const { NetworkNamespace } = await import('../../../namespace/index.js')
  const namespace = await NetworkNamespace.open(reference)
  try {
    return await NetlinkConnection.open({ ...options, namespace: namespace.native })
  } finally {
    await namespace.close()
  }
}
