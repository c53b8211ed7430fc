import { invalidRange, invalidValue } from '../../../codec/index.js'

/** Options of resolv.conf(5) that have a number: the least that is of use, and what glibc cuts it down to. */
const ranges: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['ndots', [0, 15]],
  ['timeout', [1, 30]],
  ['attempts', [1, 5]]
])

/**
 * Refuses an option that a resolver would take for another, or leave out, without a word: a known one whose number is
 * none, or out of range. Those that aren't known are a matter of the sandbox's own resolver.
 */
export function checkResolverOption(option: string): void {
  const [name = '', ...rest] = option.split(':')
  const range = ranges.get(name)
  if (range === undefined) return
  const [least, most] = range
  const digits = rest.join(':')
  const expected = `${name}:N with a number N from ${least} to ${most}`
  if (!/^[0-9]+$/.test(digits)) invalidValue(option, expected)
  if (Number(digits) < least || Number(digits) > most) invalidRange(option, expected)
}
