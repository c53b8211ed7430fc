import type { NativeInetSocketOptions } from '../binding.js'
import {
  InvalidType,
  familyOf,
  invalidValue,
  isInterfaceName,
  parseIpv4,
  parseIpv6,
  within
} from '../codec/index.js'
import { callKeys, checkBoolean, checkInteger, checkObject } from './options.js'

/** What sockets of every type take. */
interface CommonSocketOptions {
  /** The family of `address`, else `'inet'`. */
  readonly family?: 'inet' | 'inet6' | undefined
  /** A numeric address to bind to. With `port` alone it is any address of the family. */
  readonly address?: string | undefined
  /** Binds the socket to this link, by its name inside the namespace (`SO_BINDTODEVICE`, socket(7)). */
  readonly device?: string | undefined
  /** `SO_MARK` (socket(7)). Needs `CAP_NET_ADMIN`. */
  readonly mark?: number | undefined
  /** `IP_TRANSPARENT` or `IPV6_TRANSPARENT`: may bind to foreign addresses (ip(7)). Needs `CAP_NET_ADMIN`. */
  readonly transparent?: boolean | undefined
  /** `SO_REUSEADDR`. Default: true for tcp, as Node.js does, else false. */
  readonly reuseAddress?: boolean | undefined
  /** `SO_REUSEPORT`: several sockets share the port, and the kernel spreads the load. Default: false. */
  readonly reusePort?: boolean | undefined
  /** `IPV6_V6ONLY`: an inet6 socket takes no IPv4. Default: the kernel's (`net.ipv6.bindv6only`, mostly false). */
  readonly ipv6Only?: boolean | undefined
}

export interface TcpSocketOptions extends CommonSocketOptions {
  readonly type: 'tcp'
  /** A port to bind to, 0 for any that is free. Without `port` and `address` the socket is not bound. */
  readonly port?: number | undefined
  /**
   * Listens at once, with this backlog or, for `true`, with 511 as Node.js does. Not needed for
   * `server.listen({ fd })`, which does it itself.
   */
  readonly listen?: boolean | number | undefined
}

export interface UdpSocketOptions extends CommonSocketOptions {
  readonly type: 'udp'
  /** A port to bind to, 0 for any that is free. Without `port` and `address` the socket is not bound. */
  readonly port?: number | undefined
  /**
   * Bytes of the receive buffer, of which the kernel makes twice as many for what it adds to each datagram. Beyond
   * `net.core.rmem_max` needs `CAP_NET_ADMIN` in the first user namespace, else it is cut to that. Default: the
   * kernel's, `net.core.rmem_default`.
   */
  readonly receiveBuffer?: number | undefined
}

export interface RawSocketOptions extends CommonSocketOptions {
  readonly type: 'raw'
  /** The IP protocol (/etc/protocols), by its number or by one of these names. */
  readonly protocol: number | keyof typeof protocols
}

/** What `NetworkNamespace.openSocket` opens. */
export type OpenSocketOptions = TcpSocketOptions | UdpSocketOptions | RawSocketOptions

/** As /etc/protocols and linux/in.h number them. */
const protocols = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  ospf: 89,
  vrrp: 112,
  sctp: 132,
  raw: 255
} as const

const types = { tcp: 'stream', udp: 'dgram', raw: 'raw' } as const

const commonKeys = [
  'type',
  'family',
  'address',
  'device',
  'mark',
  'transparent',
  'reuseAddress',
  'reusePort',
  'ipv6Only',
  ...callKeys
]
const keys = {
  tcp: [...commonKeys, 'port', 'listen'],
  udp: [...commonKeys, 'port', 'receiveBuffer'],
  raw: [...commonKeys, 'protocol']
}

const defaultBacklog = 511

/** Twice as much is the most that the kernel can count. */
const mostBuffer = 0x3fff_ffff

/** Checks what to open, and says it in the binding's words. */
export function socketOptions(options: OpenSocketOptions): NativeInetSocketOptions {
  const { type } = checkType(options)
  checkObject(options, keys[type], 'an object such as { type: "tcp", port: 80 }')
  const port = 'port' in options ? options.port : undefined
  checkInteger(port, 'port', 0, 0xffff)
  const receiveBuffer = 'receiveBuffer' in options ? options.receiveBuffer : undefined
  checkInteger(receiveBuffer, 'receiveBuffer', 1, mostBuffer)
  checkInteger(options.mark, 'mark', 0, 0xffffffff)
  for (const key of ['transparent', 'reuseAddress', 'reusePort', 'ipv6Only'] as const) {
    checkBoolean(options[key], key)
  }
  const family = checkFamily(options)
  if (options.ipv6Only !== undefined && family !== 'inet6') {
    within('ipv6Only', () => invalidValue(options.ipv6Only, 'absent for a socket of family inet'))
  }
  if (options.device !== undefined) checkDevice(options.device)
  const any = family === 'inet' ? '0.0.0.0' : '::'
  const bound = options.address !== undefined || port !== undefined
  return {
    family,
    type: types[type],
    protocol: 'protocol' in options ? protocolNumber(options.protocol) : undefined,
    bind: bound ? { address: options.address ?? any, port: port ?? 0 } : undefined,
    reuseAddress: options.reuseAddress,
    reusePort: options.reusePort,
    ipv6Only: options.ipv6Only,
    listen: 'listen' in options ? backlog(options.listen) : undefined,
    device: options.device,
    mark: options.mark,
    transparent: options.transparent,
    receiveBuffer
  }
}

function checkType(options: OpenSocketOptions): { type: OpenSocketOptions['type'] } {
  const type: unknown = typeof options === 'object' && options !== null ? options.type : undefined
  const expected = 'one of "tcp", "udp", "raw"'
  if (typeof options !== 'object' || options === null) {
    throw new InvalidType(options, 'an object such as { type: "tcp", port: 80 }')
  }
  if (type === undefined) throw new InvalidType(type, expected, 'ERR_MISSING_FIELD').within('type')
  if (type !== 'tcp' && type !== 'udp' && type !== 'raw') {
    return within('type', () => invalidValue(type, expected))
  }
  if (type === 'raw' && (options as Partial<RawSocketOptions>).protocol === undefined) {
    throw new InvalidType(undefined, 'given for a raw socket', 'ERR_MISSING_FIELD').within('protocol')
  }
  return { type }
}

function checkFamily({ family, address }: CommonSocketOptions): 'inet' | 'inet6' {
  if (family !== undefined && family !== 'inet' && family !== 'inet6') {
    within('family', () => invalidValue(family, '"inet" or "inet6"'))
  }
  if (address === undefined) return family ?? 'inet'
  const expected = 'a numeric IPv4 or IPv6 address'
  if (typeof address !== 'string') throw new InvalidType(address, expected).within('address')
  const actual = familyOf(address)
  const valid = actual === 'inet' ? parseIpv4(address) >= 0 : parseIpv6(address, new Uint8Array(16), 0)
  if (!valid) within('address', () => invalidValue(address, expected))
  if (family !== undefined && actual !== family) {
    within('address', () => invalidValue(address, `an address of family ${family}`))
  }
  return actual
}

function checkDevice(device: unknown): void {
  const expected = 'an interface name: 1 to 15 bytes without "/", ":" or white space'
  within('device', () => {
    if (typeof device !== 'string') throw new InvalidType(device, expected)
    if (!isInterfaceName(device)) invalidValue(device, expected)
  })
}

function protocolNumber(protocol: RawSocketOptions['protocol']): number {
  if (typeof protocol === 'number') {
    checkInteger(protocol, 'protocol', 1, 255)
    return protocol
  }
  if (typeof protocol === 'string' && Object.hasOwn(protocols, protocol)) return protocols[protocol]
  const expected = `a number from 1 to 255, or one of ${Object.keys(protocols).join(', ')}`
  return within('protocol', () => invalidValue(protocol, expected))
}

function backlog(listen: TcpSocketOptions['listen']): number | undefined {
  if (listen === undefined || listen === false) return undefined
  if (listen === true) return defaultBacklog
  checkInteger(listen, 'listen', 0, 0x7fffffff)
  return listen
}
