import type { PortBinding, PortOptions } from '../ports/port.js'
import type { ProcessIdentity } from './network.js'

/** What `sandbox.connect` takes. */
export interface EndpointOptions {
  /** Further names of the sandbox on this network. */
  readonly aliases?: readonly string[] | undefined
  /** Its IPv4 address. Default: the next free one. */
  readonly address?: string | undefined
  /** Its IPv6 address. Default: the next free one. */
  readonly address6?: string | undefined
  /** Further addresses, 169.254.0.0/16 or fe80::/10, which nothing keeps track of. */
  readonly linkLocalAddresses?: readonly string[] | undefined
  /** Default: a random one that is locally administered. */
  readonly macAddress?: string | undefined
  /** Inside. Default: `eth0`, or the next that is free. */
  readonly interfaceName?: string | undefined
  /** The network with the highest one gives the default route; equal ones go by name. Default: 0. */
  readonly gatewayPriority?: number | undefined
  /** Published ports, as objects or as `docker run -p` has them: `'127.0.0.1:8080:80/tcp'`. */
  readonly ports?: readonly (PortOptions | string)[] | undefined
  /** Kernel parameters of the interface, with `IFNAME` for its name: `{ 'net.ipv4.conf.IFNAME.log_martians': '1' }`. */
  readonly sysctls?: Readonly<Record<string, string>> | undefined
}

/** How far an endpoint has come. `gone` is what is left of it: its link, which is deleted in the background. */
export type EndpointPhase = 'connecting' | 'connected' | 'disconnecting' | 'gone'

/** A sandbox's connection to a network, as the store keeps it. Plain JSON, written before the kernel is touched. */
export interface EndpointRecord {
  /** 64 hexadecimal digits. */
  readonly id: string
  readonly networkId: string
  /** That of the network: it deletes the links of endpoints whose network is gone. */
  readonly driver: string
  readonly sandboxId: string
  readonly created: number
  /** Without prefix length; `undefined` where the network has none of the family, or the driver no addresses. */
  readonly address?: string | undefined
  readonly address6?: string | undefined
  readonly linkLocalAddresses: readonly string[]
  readonly macAddress?: string | undefined
  /** Its name inside; absent where the driver makes none. */
  readonly interfaceName?: string | undefined
  /** The end outside, where there is one: `veth` and 11 hexadecimal digits of the id. */
  readonly hostInterfaceName?: string | undefined
  readonly aliases: readonly string[]
  readonly ports: readonly PortBinding[]
  readonly gatewayPriority: number
  readonly sysctls: Readonly<Record<string, string>>
  /** The boot that its links are of. */
  readonly bootId: string
  readonly phase: EndpointPhase
  readonly owner?: ProcessIdentity | undefined
}
