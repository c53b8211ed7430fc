import { Writer, interfaceName, invalidRange, invalidType, invalidValue } from '../../codec/index.js'
import { formatAddress, isOfMany, parseAddress } from '../model/ip-address.js'
import type { Family } from '../model/ip-address.js'

/** One setting of a driver: what it can be, and how Docker says it. */
export interface Setting<T> {
  /** Docker's name for it; absent where Docker has none. */
  readonly dockerName?: string | undefined
  /** Reads Docker's text of it. */
  parse(text: string): unknown
  /** Gives the value as it is kept, or refuses it. */
  check(value: unknown): T
}

/** Every setting of a driver. */
export type Settings<T> = { readonly [K in keyof T]-?: Setting<NonNullable<T[K]>> }

/** As Docker reads a boolean: `strconv.ParseBool` of Go. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const)
])

export function flag(dockerName?: string): Setting<boolean> {
  return {
    dockerName,
    parse: (text) => booleans.get(text) ?? invalidValue(text, '"true" or "false"'),
    check: (value) => (typeof value === 'boolean' ? value : invalidType(value, 'true or false'))
  }
}

const expectedMtu = 'a whole number of bytes from 68 to 65535'

/** Bytes: no less than IPv4 needs (RFC 791), no more than a packet has. */
export const mtu: Setting<number> = {
  dockerName: 'com.docker.network.driver.mtu',
  parse: (text) => (/^[0-9]{1,9}$/.test(text) ? Number(text) : invalidValue(text, expectedMtu)),
  check(value) {
    if (typeof value !== 'number') invalidType(value, expectedMtu)
    if (!Number.isInteger(value) || value < 68 || value > 65535) invalidRange(value, expectedMtu)
    return value
  }
}

export function oneOf<const T extends string>(dockerName: string, values: readonly T[]): Setting<T> {
  const expected = values.map((value) => `"${value}"`).join(' or ')
  return {
    dockerName,
    parse: (text) => text,
    check: (value) => values.find((known) => known === value) ?? invalidValue(value, expected)
  }
}

export function linkName(dockerName: string): Setting<string> {
  return {
    dockerName,
    parse: (text) => text,
    check(value) {
      interfaceName.write(new Writer(32), value as string)
      return refusePattern(value as string)
    }
  }
}

/** Names that no link with an address can have: its parameters would be those of all, or of new ones (`sysctl_dev_name_is_allowed`). */
const reserved = ['all', 'default']

/** Refuses a name that the kernel would refuse with no more to say than `EINVAL`. */
export function refuseReserved(name: string): string {
  return reserved.includes(name) ? invalidValue(name, 'a name other than "all" and "default"') : name
}

/** The beginning of interface names, which leaves room for a number of three digits. */
export function linkNamePrefix(dockerName: string): Setting<string> {
  const expected = 'the beginning of an interface name: 1 to 12 bytes'
  return {
    dockerName,
    parse: (text) => text,
    check(value) {
      if (typeof value !== 'string') invalidType(value, expected)
      if (value === '' || Buffer.byteLength(value) > 12) invalidRange(value, expected)
      interfaceName.write(new Writer(32), `${value}0`)
      return refusePattern(value)
    }
  }
}

/** The kernel completes a name with `%d` in it, and nft takes a `*` at the end for any name that begins so. */
function refusePattern(name: string): string {
  if (/[%*]/.test(name)) invalidValue(name, 'a name without "%" and "*"')
  return refuseReserved(name)
}

/** An address of one family, or one of either, which may be that for every address; kept in canonical text. */
export function address(dockerName: string, family?: Family): Setting<string> {
  const expected =
    family === undefined
      ? 'an IP address of the host'
      : `an ${family === 'inet' ? 'IPv4' : 'IPv6'} address of the host`
  return {
    dockerName,
    parse: (text) => text,
    check(value) {
      const parsed = parseAddress(value)
      const fits = family === undefined || (parsed.family === family && parsed.value !== 0n)
      return fits && !isOfMany(parsed) ? formatAddress(parsed) : invalidValue(value, expected)
    }
  }
}
