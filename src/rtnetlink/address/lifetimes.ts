import { invalidRange, invalidType, u32 } from '../../codec/index.js'
import type { Field } from '../../codec/index.js'

/** `IFA_CACHEINFO` holds `struct ifa_cacheinfo`: both lifetimes, then two time stamps that only the kernel sets. */
const IFA_CACHEINFO = 6
const preferredOffset = 0
const validOffset = 4

const forever = 0xffffffff

/** Seconds until the address goes; `Infinity` for never. Writes both lifetimes. */
export const validLifetimeField: Field<number, number> = {
  ...reader(validOffset),
  always: true,
  write(writer, value: number | undefined, _base, source) {
    const preferred = source['preferredLifetime'] as number | undefined
    if (value === undefined && preferred === undefined) return
    const valid = value === undefined ? forever : wireSeconds(value, 1)
    const start = writer.beginAttribute(IFA_CACHEINFO)
    writer.u32(preferred === undefined ? valid : wireSeconds(preferred, 0))
    writer.u32(valid)
    writer.zeros(8)
    writer.endAttribute(start)
  }
}

/** Seconds until the address is deprecated, which `validLifetime` writes. Must be declared before it. */
export const preferredLifetimeField: Field<number, number> = {
  ...reader(preferredOffset),
  write(_writer, value, _base, source) {
    wireSeconds(value, 0)
    const valid = (source['validLifetime'] ?? Infinity) as number
    if (value > valid) invalidRange(value, `a number of seconds up to validLifetime, which is ${valid}`)
  }
}

function reader(at: number): Required<Pick<Field<number, number>, 'types' | 'readAttribute'>> {
  return {
    types: [IFA_CACHEINFO],
    readAttribute(target, key, bytes, offset, length) {
      if (length < 8) return false
      const seconds = u32.read(bytes, offset + at, 4)
      target[key] = seconds === forever ? Infinity : seconds
      return true
    }
  }
}

function wireSeconds(value: number, min: number): number {
  const expected = `a whole number of seconds from ${min} to ${forever - 1}, or Infinity`
  if (typeof value !== 'number') invalidType(value, expected)
  if (value === Infinity) return forever
  if (!Number.isInteger(value) || value < min || value >= forever) invalidRange(value, expected)
  return value
}
