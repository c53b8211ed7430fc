import { closeSync } from 'node:fs'
import { familyOf } from '../../codec/index.js'
import type { NetworkNamespace } from '../../namespace/index.js'
import { NetlinkError } from '../../netlink/index.js'
import type { HostPort } from './host-ports.js'

/** Ports that are looked at at the same time. */
const together = 64

/**
 * Those of the ports that a program of the host has, at the same address or at every address: published, they would
 * hide it. The ports are some that can be published together, as `PortAllocator` gives them.
 *
 * A socket is bound to each, and closed again at once; TCP connections that are ending don't count, and sctp is not
 * looked at. Docker keeps its sockets, so that no program can have a published port later; here one can, and hears
 * nothing of what the rules translate before it gets there.
 *
 * Rejects with `EADDRNOTAVAIL` if the host does not have an address, as Docker refuses it, unless
 * `net.ipv4.ip_nonlocal_bind` or `net.ipv6.ip_nonlocal_bind` is on.
 */
export async function findListeners<T extends HostPort>(
  host: NetworkNamespace,
  ports: readonly T[]
): Promise<T[]> {
  const found: T[] = []
  for (let start = 0; start < ports.length; start += together) {
    const chunk = ports.slice(start, start + together)
    const results = await Promise.allSettled(chunk.map((port) => isTaken(host, port)))
    results.forEach((result, index) => {
      if (result.status === 'rejected') throw result.reason as Error
      if (result.value) found.push(chunk[index]!)
    })
  }
  return found
}

async function isTaken(
  host: NetworkNamespace,
  { protocol, hostAddress, hostPort }: HostPort
): Promise<boolean> {
  if (protocol === 'sctp') return false
  const options = {
    address: hostAddress,
    port: hostPort,
    ...(familyOf(hostAddress) === 'inet6' ? { ipv6Only: true } : {})
  }
  try {
    // With SO_REUSEADDR, a TCP socket is refused only by one that listens (socket(7), ip(7)).
    closeSync(await host.openSocket({ type: protocol, reuseAddress: protocol === 'tcp', ...options }))
    return false
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'EADDRINUSE') return true
    throw error
  }
}
