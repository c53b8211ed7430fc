import { binding } from '../../binding.js'
import { fromNative } from '../../netlink/index.js'
import type { NetworkNamespace } from '../../namespace/index.js'
import type { XtablesFamily } from './layout.js'
import { XtablesTable } from './table.js'

/**
 * Reads a table of legacy iptables (`inet`) or ip6tables (`inet6`), which netlink knows nothing of; `undefined` where the
 * namespace has none. No table is made, and no module loaded, by asking.
 *
 * Rejects with a `NetlinkError`: `EACCES` where the list of tables can't be read, `EPERM` without `CAP_NET_ADMIN`,
 * `EAGAIN` where somebody replaces the table all the time, `EPROTO` where what the kernel gave can't be understood.
 */
export async function readXtablesTable(
  namespace: NetworkNamespace,
  family: XtablesFamily,
  name: string
): Promise<XtablesTable | undefined> {
  const { native } = namespace
  try {
    const table = await binding().readXtablesTable(native, family, name)
    return table === undefined ? undefined : new XtablesTable(family, table)
  } catch (error) {
    throw fromNative(error, { method: 'readXtablesTable', input: { family, name } })
  }
}
