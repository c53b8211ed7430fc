import { InvalidArgumentError } from 'commander'

/** Gathers `key=value` of an option that may be given several times. The value may hold further `=`. */
export function keyValue(
  text: string,
  before: Readonly<Record<string, string>> = {}
): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must be KEY=VALUE.')
  const key = text.slice(0, at)
  if (Object.hasOwn(before, key)) throw new InvalidArgumentError(`There is a ${key} already.`)
  return { ...before, [key]: text.slice(at + 1) }
}

/** As `keyValue`, with an empty value where none is given, as labels may have. */
export function keyMaybeValue(
  text: string,
  before?: Readonly<Record<string, string>>
): Record<string, string> {
  return keyValue(text.includes('=') ? text : `${text}=`, before)
}
