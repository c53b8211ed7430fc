import { InvalidArgumentError } from 'commander'

/** A whole number. Whether it is in range is for the library to say. */
export function integer(text: string): number {
  if (!/^-?[0-9]{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
