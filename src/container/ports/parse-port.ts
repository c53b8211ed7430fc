import { InvalidType, invalidType, invalidValue, refuseOtherKeys, within } from '../../codec/index.js'
import { formatAddress, isOfMany, parseAddress } from '../model/ip-address.js'
import type { IpAddress } from '../model/ip-address.js'
import type { PortOptions, PortProtocol } from './port.js'
import { parsePortRange, rangeLength } from './port-range.js'
import type { PortRange } from './port-range.js'

/** What is to be published, checked, with everything in numbers. */
export interface PortRequest {
  readonly protocol: PortProtocol
  /** Canonical. Absent: where the network publishes its ports. */
  readonly hostAddress?: string | undefined
  /** Absent: any that are free. As long as `containerPorts`, or longer than one to choose from. */
  readonly hostPorts?: PortRange | undefined
  readonly containerPorts: PortRange
}

const keys = ['containerPort', 'protocol', 'hostAddress', 'hostPort'] as const
const protocols: readonly unknown[] = ['tcp', 'udp', 'sctp'] satisfies PortProtocol[]
const expectedPort =
  'a port such as "8080:80", "127.0.0.1:8080:80/tcp" or "[::1]:8080:80/udp", or an object such as { containerPort: 80 }'

/** Checks the ports of an endpoint. Throws a `TypeError` or `RangeError` with the path, such as `ports[0].hostAddress`. */
export function parsePorts(ports: readonly (PortOptions | string)[]): PortRequest[] {
  return within('ports', () => {
    if (!Array.isArray(ports)) invalidType(ports, 'an array of ports')
    return ports.map((port: PortOptions | string, index) => within(index, () => parsePort(port)))
  })
}

/** Checks a port, given as an object or as `docker run --publish` has it. */
export function parsePort(port: PortOptions | string): PortRequest {
  if (typeof port === 'string') return checkPort(splitPort(port))
  if (typeof port !== 'object' || port === null || Array.isArray(port)) invalidType(port, expectedPort)
  refuseOtherKeys(port, keys, 'port')
  return checkPort(port)
}

/** Takes `[HOST ADDRESS:][HOST PORT:]CONTAINER PORT[/PROTOCOL]` apart. An IPv6 address stands in brackets. */
function splitPort(text: string): PortOptions {
  const [ports = '', ...protocols] = text.split('/')
  const bracketed = /^\[([^\]]*)\]:(.*)$/.exec(ports)
  const parts = (bracketed?.[2] ?? ports).split(':')
  if (bracketed !== null) parts.unshift(bracketed[1]!)
  if (protocols.length > 1 || parts.length > 3 || (bracketed !== null && parts.length < 3)) {
    invalidValue(text, expectedPort)
  }
  const [containerPort = '', hostPort = '', hostAddress = ''] = parts.reverse()
  return {
    containerPort,
    hostPort: hostPort === '' ? undefined : hostPort,
    hostAddress: hostAddress === '' ? undefined : hostAddress,
    protocol: protocols[0]?.toLowerCase() as PortProtocol | undefined
  }
}

function checkPort({ containerPort, protocol = 'tcp', hostAddress, hostPort }: PortOptions): PortRequest {
  if (containerPort === undefined) {
    throw new InvalidType(containerPort, 'given', 'ERR_MISSING_FIELD').within('containerPort')
  }
  const address =
    hostAddress === undefined ? undefined : within('hostAddress', () => parseHostAddress(hostAddress))
  const containerPorts = within('containerPort', () => parsePortRange(containerPort))
  const hostPorts = within('hostPort', () => parseHostPorts(hostPort, containerPorts))
  within('protocol', () => {
    const expected = '"tcp", "udp" or "sctp"'
    if (typeof protocol !== 'string') invalidType(protocol, expected)
    if (!protocols.includes(protocol)) invalidValue(protocol, expected)
  })
  return {
    protocol,
    containerPorts,
    ...(address === undefined ? {} : { hostAddress: formatAddress(address) }),
    ...(hostPorts === undefined ? {} : { hostPorts })
  }
}

/** A socket can be bound to an address of many, but what comes for one is not for the host, and leads nowhere. */
function parseHostAddress(text: string): IpAddress {
  const address = parseAddress(text)
  return isOfMany(address) ? invalidValue(text, 'an address of the host, not one of many') : address
}

function parseHostPorts(hostPort: PortOptions['hostPort'], containerPorts: PortRange): PortRange | undefined {
  if (hostPort === undefined || hostPort === 0 || hostPort === '0') return undefined
  const hostPorts = parsePortRange(hostPort)
  const length = rangeLength(containerPorts)
  if (length > 1 && rangeLength(hostPorts) !== length) {
    invalidValue(hostPort, `a range of ${length} ports, as many as the container's, or 0`)
  }
  return hostPorts
}
