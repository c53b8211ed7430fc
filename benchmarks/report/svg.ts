/** SVG by hand: elements as strings, and what all plots look like. */

export type Attributes = Readonly<Record<string, string | number | undefined>>

export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const words = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escape(value!)}"`)
  return children.length === 0
    ? `<${name}${words.join('')}/>`
    : `<${name}${words.join('')}>${children.join('')}</${name}>`
}

export const text = (content: string, x: number, y: number, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, escape(content))

export const line = (x1: number, y1: number, x2: number, y2: number, attributes: Attributes): string =>
  element('line', { x1, y1, x2, y2, ...attributes })

/** A whole picture, readable on light and dark pages alike since it brings its own ground. */
export function picture(width: number, height: number, title: string, children: readonly string[]): string {
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${rounded(height)}`,
      width,
      height,
      role: 'img',
      'font-family': 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
      'font-size': 12,
      fill: ink
    },
    element('title', {}, escape(title)),
    element('rect', { width, height, rx: 8, fill: '#ffffff' }),
    text(title, margin, 28, { 'font-size': 16, 'font-weight': 600 }),
    ...children
  )}\n`
}

export const margin = 24
export const ink = '#1f2933'
export const faint = '#7b8794'
export const grid = '#e4e7eb'

function escape(value: string | number): string {
  return String(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

const rounded = (value: number): number => Math.round(value * 100) / 100
