import {
  invalidRange,
  invalidType,
  invalidValue,
  isInterfaceName,
  mac,
  refuseOtherKeys,
  requireObject,
  within,
  Writer
} from '../../codec/index.js'
import { checkInteger } from '../../namespace/options.js'
import { sysctlPath } from '../../namespace/sysctl-key.js'
import { checkHostname } from '../dns/index.js'
import { refuseReserved } from '../drivers/setting.js'
import { formatAddress, parseAddress } from '../model/ip-address.js'
import type { Family } from '../model/ip-address.js'
import type { EndpointOptions } from '../model/endpoint.js'
import { checkStringMap } from '../model/string-map.js'
import { parsePorts } from '../ports/index.js'
import type { PortRequest } from '../ports/index.js'

const keys: readonly (keyof EndpointOptions)[] = [
  'aliases',
  'address',
  'address6',
  'linkLocalAddresses',
  'macAddress',
  'interfaceName',
  'gatewayPriority',
  'ports',
  'sysctls'
]

/** Options of an endpoint, checked, in canonical text. */
export interface CheckedOptions {
  readonly aliases: readonly string[]
  readonly address?: string | undefined
  readonly address6?: string | undefined
  readonly linkLocalAddresses: readonly string[]
  readonly macAddress?: string | undefined
  readonly interfaceName?: string | undefined
  readonly gatewayPriority: number
  readonly ports: readonly PortRequest[]
  readonly sysctls: Readonly<Record<string, string>>
}

/** Refuses options of an endpoint that can't be right on any network. */
export function checkEndpointOptions(options: EndpointOptions): CheckedOptions {
  requireObject(options, 'an object such as { ports: ["8080:80"] }')
  refuseOtherKeys(options, keys)
  const { aliases = [], linkLocalAddresses = [], gatewayPriority = 0, ports = [], sysctls = {} } = options
  checkInteger(gatewayPriority, 'gatewayPriority', -0x80000000, 0x7fffffff)
  checkSysctls(sysctls)
  return {
    aliases: each('aliases', aliases, (alias) => {
      checkHostname(alias)
      return alias
    }),
    address: optional('address', options.address, (text) => addressOf(text, 'inet')),
    address6: optional('address6', options.address6, (text) => addressOf(text, 'inet6')),
    linkLocalAddresses: each('linkLocalAddresses', linkLocalAddresses, linkLocal),
    macAddress: optional('macAddress', options.macAddress, unicastMac),
    interfaceName: optional('interfaceName', options.interfaceName, checkedInterfaceName),
    gatewayPriority,
    ports: parsePorts(ports),
    sysctls
  }
}

function optional<T>(key: string, value: T | undefined, check: (value: T) => T): T | undefined {
  return value === undefined ? undefined : within(key, () => check(value))
}

function each(key: string, values: readonly string[], check: (value: string) => string): string[] {
  return within(key, () => {
    if (!Array.isArray(values)) invalidType(values, 'an array of strings')
    return values.map((value: string, index) => within(index, () => check(value)))
  })
}

function addressOf(text: string, family: Family): string {
  const address = parseAddress(text)
  if (address.family !== family) {
    invalidValue(text, family === 'inet' ? 'an IPv4 address' : 'an IPv6 address')
  }
  return formatAddress(address)
}

function linkLocal(text: string): string {
  const { family, value } = parseAddress(text)
  const prefix = family === 'inet' ? value >> 16n : value >> 118n
  // 169.254.0.0/16 (RFC 3927) and fe80::/10 (RFC 4291, 2.5.6).
  if (prefix !== (family === 'inet' ? 0xa9fen : 0x3fan)) {
    invalidRange(text, 'an address of 169.254.0.0/16 or fe80::/10')
  }
  return formatAddress({ family, value })
}

function unicastMac(text: string): string {
  const writer = new Writer(8)
  mac.write(writer, text)
  const address = mac.read(writer.bytes, 0, 6)
  const isMulticast = (Number.parseInt(address.slice(0, 2), 16) & 1) === 1
  if (isMulticast || address === '00:00:00:00:00:00') invalidValue(text, 'the MAC address of one interface')
  return address
}

function checkedInterfaceName(name: string): string {
  const expected = 'an interface name of 1 to 15 bytes, without "/", ":", "%" or white space, other than "lo"'
  if (typeof name !== 'string') invalidType(name, expected)
  if (!isInterfaceName(name) || name.includes('%') || name === 'lo') invalidValue(name, expected)
  return refuseReserved(name)
}

/** As in Docker, each parameter is one of the interface: `IFNAME` stands for its name. */
function checkSysctls(sysctls: unknown): void {
  checkStringMap(sysctls, 'sysctls')
  within('sysctls', () => {
    for (const key of Object.keys(sysctls ?? {})) {
      sysctlPath(key, key)
      if (key.split(/[./]/).includes('IFNAME')) continue
      within(key, () =>
        invalidValue(key, 'a key with IFNAME in it, such as "net.ipv4.conf.IFNAME.log_martians"')
      )
    }
  })
}
