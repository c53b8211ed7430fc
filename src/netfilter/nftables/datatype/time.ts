import { invalidRange, invalidType, invalidValue, scaled, u32, u64 } from '../../../codec/index.js'
import type { Type } from '../../../codec/index.js'

/** Seconds, where the kernel counts milliseconds. */
export const relativeTime = scaled(u32, 1000, 'seconds')

const expectedDate = 'a Date, or seconds since 1970'

/** A point in time, where the kernel counts nanoseconds since 1970. */
export const date: Type<Date, Date | number> = {
  expected: expectedDate,
  size: 8,
  write(writer, value) {
    const milliseconds = value instanceof Date ? value.getTime() : value * 1000
    if (typeof milliseconds !== 'number') invalidType(value, expectedDate)
    if (!(milliseconds >= 0 && milliseconds < 1.8e13)) invalidRange(value, expectedDate)
    u64.write(writer, BigInt(Math.round(milliseconds)) * 1_000_000n)
  },
  read: (bytes, offset, length) => new Date(u64.read(bytes, offset, length) / 1_000_000)
}

const expectedHour = 'a time of day in UTC such as "18:30", or seconds since midnight'

/** A time of day in UTC. */
export const timeOfDay: Type<number, number | string> = {
  expected: expectedHour,
  size: 4,
  write(writer, value) {
    let seconds = value
    if (typeof seconds === 'string') {
      const match = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(seconds)
      if (match === null) invalidValue(value, expectedHour)
      seconds = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0)
    }
    if (typeof seconds !== 'number') invalidType(value, expectedHour)
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > 86400) invalidRange(value, expectedHour)
    u32.write(writer, seconds)
  },
  read: (bytes, offset, length) => u32.read(bytes, offset, length)
}
