import { address, flag, linkName, linkNamePrefix, mtu } from '../setting.js'
import type { Settings } from '../setting.js'
import type { BridgeNetworkOptions } from './options.js'

export const bridgeSettings: Settings<BridgeNetworkOptions> = {
  name: linkName('com.docker.network.bridge.name'),
  existing: flag(),
  interContainer: flag('com.docker.network.bridge.enable_icc'),
  masquerade: flag('com.docker.network.bridge.enable_ip_masquerade'),
  outboundAddress: address('com.docker.network.host_ipv4', 'inet'),
  outboundAddress6: address('com.docker.network.host_ipv6', 'inet6'),
  mtu,
  hostAddress: address('com.docker.network.bridge.host_binding_ipv4'),
  interfacePrefix: linkNamePrefix('com.docker.network.container_iface_prefix')
}
