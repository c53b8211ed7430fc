import { InvalidType, invalidType } from '../../../codec/index.js'

/** A set or map with a name, of the table that the rule is in. */
export interface SetReference {
  readonly set: string
  /** Its keys are intervals: needed where they are numbers in host byte order, as marks are. */
  readonly interval?: boolean
}

/** Names a set: `match(ip.saddr, 'in', set('blocked'))`. */
export function set(name: string, options: { readonly interval?: boolean } = {}): SetReference {
  if (typeof name !== 'string') invalidType(name, 'the name of a set')
  if (name === '') throw new InvalidType(name, 'the name of a set', 'ERR_INVALID_ARG_VALUE')
  return { set: name, ...options }
}

/** Takes `'@name'` as well, as nft writes it. */
export function setReference(value: unknown): SetReference | undefined {
  if (typeof value === 'string') return value.startsWith('@') ? { set: value.slice(1) } : undefined
  const isReference = typeof value === 'object' && value !== null && 'set' in value
  return isReference && typeof value.set === 'string' ? (value as SetReference) : undefined
}
