import { invalidType, invalidValue } from '../../../codec/index.js'

const expected =
  'a host name: labels of letters, digits, "-" and "_", of 1 to 63 characters, with dots between them, at most 253 in all'

/** Refuses what is no host name (RFC 1123, 2.1; with `_`, which Docker takes too). Throws a `TypeError`. */
export function checkHostname(value: unknown): asserts value is string {
  if (typeof value !== 'string') invalidType(value, expected)
  const label = '[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
  if (value.length > 253 || !new RegExp(`^${label}(\\.${label})*$`).test(value)) invalidValue(value, expected)
}

/** The content of `/etc/hostname`. */
export const hostnameFile = (hostname: string): string => `${hostname}\n`
