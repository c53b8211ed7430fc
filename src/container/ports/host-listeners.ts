import { closeSync } from 'node:fs'
import { familyOf } from '../../codec/index.js'
import type { NetworkNamespace, OpenSocketOptions } from '../../namespace/index.js'
import type { HostPort } from './host-ports.js'

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
  const looked = ports.filter(({ protocol }) => protocol !== 'sctp')
  const codes = await host.trySockets(looked.map(socketOf))
  const found: T[] = []
  for (const [index, port] of looked.entries()) {
    const code = codes[index]
    if (code === 'EADDRINUSE') found.push(port)
    // Tried by itself, it is refused with all that there is to say, unless it can be had by now.
    else if (code !== undefined) closeSync(await host.openSocket(socketOf(port)))
  }
  return found
}

/** With SO_REUSEADDR, a TCP socket is refused only by one that listens (socket(7), ip(7)). */
function socketOf({ protocol, hostAddress, hostPort }: HostPort): OpenSocketOptions {
  return {
    type: protocol === 'udp' ? 'udp' : 'tcp',
    reuseAddress: protocol === 'tcp',
    address: hostAddress,
    port: hostPort,
    ...(familyOf(hostAddress) === 'inet6' ? { ipv6Only: true } : {})
  }
}
