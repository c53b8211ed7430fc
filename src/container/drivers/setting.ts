import {
  Writer,
  familyOf,
  interfaceName,
  invalidRange,
  invalidType,
  invalidValue,
  ip
} from '../../codec/index.js'

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

/** The kernel completes a name with `%d` in it. */
function refusePattern(name: string): string {
  return name.includes('%') ? invalidValue(name, 'a name without "%"') : name
}

/** An address of one family, or of either; kept in canonical text. */
export function address(dockerName: string, family?: 'inet' | 'inet6'): Setting<string> {
  const expected =
    family === undefined ? 'an IP address' : `an ${family === 'inet' ? 'IPv4' : 'IPv6'} address`
  return {
    dockerName,
    parse: (text) => text,
    check(value) {
      const writer = new Writer(16)
      ip.write(writer, value as string)
      const text = ip.read(writer.bytes, 0, writer.position)
      return family === undefined || familyOf(text) === family ? text : invalidValue(value, expected)
    }
  }
}
