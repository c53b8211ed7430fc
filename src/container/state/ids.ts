import { randomBytes } from 'node:crypto'
import { invalidType, invalidValue } from '../../codec/index.js'

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/

/** A new id, of 64 hexadecimal digits. */
export function randomId(): string {
  return randomBytes(32).toString('hex')
}

/** The first 12 digits of an id, by which people know it. */
export function shortId(id: string): string {
  return id.slice(0, 12)
}

/** Enough of an id to look for it. */
export function isBeginningOfId(text: string): boolean {
  return /^[0-9a-f]{3,64}$/.test(text)
}

export function isName(text: string): boolean {
  return namePattern.test(text)
}

/** Refuses what can't be the name of a network or sandbox. The rule is Docker's. */
export function checkName(name: unknown): void {
  const expected = 'a name: up to 255 letters, digits, "_", "." and "-", the first a letter or digit'
  if (typeof name !== 'string') invalidType(name, expected)
  if (!isName(name)) invalidValue(name, expected)
}
