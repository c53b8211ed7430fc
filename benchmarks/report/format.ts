/** Figures as people read them. */
import type { Unit } from '../scenario.js'

const times: readonly (readonly [number, string])[] = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
  [1e-9, 'ns']
]
const inSeconds: Readonly<Partial<Record<Unit, number>>> = { s: 1, ms: 1e-3, µs: 1e-6, ns: 1e-9 }

/** Three digits, and no more: `0.412`, `41.2`, `412`, `4,120`. */
export function digits(value: number): string {
  if (value === 0) return '0'
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en-US', {
    minimumFractionDigits: decimals > 20 ? 0 : decimals,
    maximumFractionDigits: Math.min(decimals, 20)
  })
}

export function formatTime(seconds: number): string {
  const [size, name] = times.find(([unit]) => Math.abs(seconds) >= unit) ?? times.at(-1)!
  return `${digits(seconds / size)} ${name}`
}

export function formatFigure(value: number | undefined, unit: Unit): string {
  if (value === undefined || Number.isNaN(value)) return ''
  const seconds = inSeconds[unit]
  if (seconds !== undefined) return formatTime(value * seconds)
  switch (unit) {
    case 'share':
      return value === 0 ? 'none' : `${digits(value * 100)} %`
    case 'KiB':
      return `${digits(value / 1024)} MiB`
    case 'per second':
      return `${Math.round(value).toLocaleString('en-US')}/s`
    default:
      return value.toLocaleString('en-US')
  }
}

/** How many times as much. */
export const ratio = (value: number | undefined, base: number | undefined): string =>
  value === undefined || base === undefined || base === 0 ? '' : `${digits(value / base)} ×`
