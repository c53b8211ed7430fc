const units = [
  ['year', 365 * 86400],
  ['month', 30 * 86400],
  ['week', 7 * 86400],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1]
] as const

/** How long ago something was, in the largest unit that fits: `'3 hours ago'`. Both in milliseconds. */
export function age(then: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - then) / 1000))
  for (const [unit, size] of units) {
    const count = Math.floor(seconds / size)
    if (count > 0) return `${count} ${unit}${count === 1 ? '' : 's'} ago`
  }
  return 'just now'
}
