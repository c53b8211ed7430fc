import { invalidRange, invalidType, invalidValue } from '../../codec/index.js'

/** Ports from one to another, both included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

export function rangeLength({ first, last }: PortRange): number {
  return last - first + 1
}

export function formatRange({ first, last }: PortRange): string {
  return first === last ? `${first}` : `${first}-${last}`
}

/** Parses a port, or a range such as `'8000-8010'`. */
export function parsePortRange(value: unknown): PortRange {
  const expected = 'a port from 1 to 65535, or a range such as "8000-8010"'
  if (typeof value === 'number') {
    if (!isPort(value)) invalidRange(value, expected)
    return { first: value, last: value }
  }
  if (typeof value !== 'string') invalidType(value, expected)
  const match = /^(\d+)(?:-(\d+))?$/.exec(value)
  if (match === null) invalidValue(value, expected)
  const first = Number(match[1])
  const last = Number(match[2] ?? match[1])
  if (!isPort(first) || !isPort(last)) invalidRange(value, expected)
  if (last < first) invalidRange(value, 'a range that begins with the lower port')
  return { first, last }
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 0xffff
}
