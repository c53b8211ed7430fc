import type { NetworkNamespace } from '../../namespace/index.js'
import type { PortRange } from './port-range.js'

/** The ports that a host chooses from for sockets that ask for none: `net.ipv4.ip_local_port_range` (ip(7)). */
export async function localPortRange(host: NetworkNamespace): Promise<PortRange> {
  const [first, last] = await host.sysctl.get('net.ipv4.ip_local_port_range')
  return { first, last }
}
