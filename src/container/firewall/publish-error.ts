import { NetloomError } from '../../netlink/index.js'
import { TransactionError } from '../../netfilter/nftables/index.js'
import type { SetElements } from './contents.js'
import type { TableLayout } from './layout.js'

/** Whether the kernel refused a transaction with one of these codes. */
export function failedWith(error: unknown, ...codes: string[]): error is TransactionError {
  return error instanceof TransactionError && codes.includes(error.code)
}

/** The error for elements that could not be added, in the terms of ports. */
export function publishError(
  error: unknown,
  { place }: TableLayout,
  elements: readonly SetElements[]
): unknown {
  if (failedWith(error, 'ENOENT')) {
    const text = `the table ${place.family} ${place.table} lacks a map of published ports; reconcile makes it`
    return new NetloomError('ERR_FIREWALL_INCOMPLETE', text, { cause: error })
  }
  if (failedWith(error, 'EEXIST', 'EBUSY')) {
    const text = `${refusedPort(error, elements)} leads to another container already; nothing was changed`
    return new NetloomError('ERR_PORT_IN_USE', text, { cause: error })
  }
  return error
}

/** The key of the element that the kernel refused, `tcp 172.16.0.1 80`. */
function refusedPort({ index, attribute }: TransactionError, elements: readonly SetElements[]): string {
  const place = /^elements\[(\d+)\]/.exec(attribute ?? '')
  const element = place === null ? undefined : elements[index ?? -1]?.elements[Number(place[1])]
  if (element === undefined) return 'one of the ports'
  return `the port ${(element.key as readonly (string | number)[]).join(' ')}`
}
