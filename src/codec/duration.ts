import { scaled, u32, u64 } from './number.js'
import { invalidRange, invalidType } from './invalid.js'
import type { Type } from './type.js'

/** Seconds, where the kernel counts hundredths (`clock_t` in `USER_HZ`, which is 100 everywhere), in 32 bits. */
export const centiseconds: Type<number> = scaled(u32, 100, 'seconds')

/** Seconds, where the kernel counts milliseconds in 32 bits. */
export const milliseconds: Type<number> = scaled(u32, 1000, 'seconds')

/** Seconds, where the kernel counts hundredths (`clock_t` in `USER_HZ`) in 64 bits. */
export const centiseconds64: Type<number> = scaled64(100)

function scaled64(factor: number): Type<number> {
  const expected = `a number of seconds from 0 to ${Math.floor(Number.MAX_SAFE_INTEGER / factor)}`
  return {
    expected,
    size: 8,
    write(writer, value) {
      if (typeof value !== 'number') invalidType(value, expected)
      const whole = Math.round(value * factor)
      if (!(whole >= 0 && whole <= Number.MAX_SAFE_INTEGER)) invalidRange(value, expected)
      u64.write(writer, whole)
    },
    read: (bytes, offset, length) => u64.read(bytes, offset, length) / factor
  }
}
