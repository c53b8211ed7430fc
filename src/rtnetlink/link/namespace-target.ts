import { binding } from '../../binding.js'
import type { NativeNamespace } from '../../binding.js'
import { invalidRange, invalidType, within } from '../../codec/index.js'
import { NetlinkConnection, NetloomError, fromNative } from '../../netlink/index.js'
import { resolveLinkNames } from '../link-lookup.js'
import { NETLINK_ROUTE } from '../rtnetlink.js'

/** Where to put a link: a `NetworkNamespace`, the namespace of a process, or that of an open descriptor. */
export type NamespaceTarget =
  { readonly native: NativeNamespace } | { readonly pid: number } | { readonly fd: number }

/** What of a link message names the namespace: `IFLA_NET_NS_PID` or `IFLA_NET_NS_FD`. */
export interface NamespaceAttributes {
  readonly namespacePid?: number | undefined
  readonly namespaceDescriptor?: number | undefined
}

const expected = 'a NetworkNamespace, { pid } or { fd }'
const largest = 0x7fffffff

/** Checks where a link is to go, and gives it as it is written. */
export function namespaceAttributes(target: NamespaceTarget | undefined): NamespaceAttributes {
  if (target === undefined) return {}
  return within('namespace', () => {
    if (typeof target !== 'object' || target === null) invalidType(target, expected)
    if ('native' in target) return { namespaceDescriptor: descriptorOf(target.native) }
    if ('pid' in target) return { namespacePid: within('pid', () => positive(target.pid, 1)) }
    if ('fd' in target) return { namespaceDescriptor: within('fd', () => positive(target.fd, 0)) }
    return invalidType(target, expected)
  })
}

/** The handles among these targets, whose descriptors messages name. */
export function namespacesAmong(...targets: readonly (NamespaceTarget | undefined)[]): NativeNamespace[] {
  return targets.flatMap((target) => (target !== undefined && 'native' in target ? [target.native] : []))
}

/** A connection in the namespace that a link was put into. */
export async function connectTo(target: NamespaceTarget): Promise<NetlinkConnection> {
  let opened: NativeNamespace | undefined
  try {
    opened = await openNative(target)
    return await NetlinkConnection.open({
      protocol: NETLINK_ROUTE,
      namespace: opened,
      resolveNames: resolveLinkNames
    })
  } finally {
    opened?.close()
  }
}

/** The namespace itself, which the caller closes. */
export async function openNative(target: NamespaceTarget): Promise<NativeNamespace> {
  try {
    if ('pid' in target) return await binding().openNamespace(`/proc/${target.pid}/ns/net`)
    const descriptor = 'native' in target ? descriptorOf(target.native) : target.fd
    return await binding().adoptNamespace(descriptor)
  } catch (error) {
    throw fromNative(error)
  }
}

function descriptorOf(native: NativeNamespace): number {
  if (typeof native !== 'object' || native === null || typeof native.fd !== 'number')
    invalidType(native, expected)
  if (native.fd < 0) throw new NetloomError('ERR_CLOSED', 'The namespace is closed.')
  return native.fd
}

function positive(value: unknown, min: number): number {
  const range = `a whole number from ${min} to ${largest}`
  if (typeof value !== 'number') invalidType(value, range)
  if (!Number.isInteger(value) || value < min || value > largest) invalidRange(value, range)
  return value
}
