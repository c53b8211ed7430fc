/** Lines over a size that grows, both axes logarithmic, each line named at its end. */
import type { Colours } from './colours.js'
import { logarithmic } from './scale.js'
import { element, faint, grid, ink, line, margin, picture, text } from './svg.js'

export interface Line {
  readonly id: string
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

export interface LinePlot {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly formatY: (value: number) => string
  readonly lines: readonly Line[]
}

const width = 840
const height = 420
const left = 84
/** Where lines end and their names begin. */
const right = 640
const top = 64
const bottom = height - 56
/** Names need so much room. */
const lineHeight = 15

export function linePlot({ title, x, y, formatY, lines }: LinePlot, colour: Colours): string {
  const points = lines.flatMap((one) => one.points)
  const xs = logarithmic(
    points.map((point) => point.x),
    left,
    right
  )
  const ys = logarithmic(
    points.map((point) => point.y),
    bottom,
    top
  )
  const ends = spread(
    lines.map((one) => ({ line: one, y: ys(one.points.at(-1)!.y) })).sort((a, b) => a.y - b.y)
  )
  return picture(width, height, title, [
    ...ys.ticks.flatMap((tick) => [
      line(left, ys(tick), right, ys(tick), { stroke: grid }),
      text(formatY(tick), left - 8, ys(tick) + 4, { 'text-anchor': 'end', fill: faint })
    ]),
    ...xs.ticks.map((tick) =>
      text(tick.toLocaleString('en-US'), xs(tick), bottom + 20, { 'text-anchor': 'middle', fill: faint })
    ),
    line(left, bottom, right, bottom, { stroke: faint }),
    text(x, (left + right) / 2, height - 14, { 'text-anchor': 'middle' }),
    text(y, margin, top - 16, { fill: faint }),
    // netloom lies above the others.
    ...[...lines].sort((a, b) => weight(a.id) - weight(b.id)).map((one) => drawn(one, xs, ys, colour)),
    ...ends.flatMap(({ line: one, y: wanted, at }) => [
      line(xs(one.points.at(-1)!.x) + 6, wanted, right + 14, at, {
        stroke: colour(one.id),
        'stroke-width': 0.75
      }),
      text(one.name, right + 18, at + 4, {
        fill: one.id === 'floor' ? ink : colour(one.id),
        'font-weight': one.id === 'netloom' ? 700 : undefined
      })
    ])
  ])
}

const weight = (id: string): number => (id === 'netloom' ? 1 : 0)

function drawn(one: Line, xs: (x: number) => number, ys: (y: number) => number, colour: Colours): string {
  const stroke = colour(one.id)
  const places = one.points.map((point) => `${xs(point.x).toFixed(1)},${ys(point.y).toFixed(1)}`).join(' ')
  return element(
    'g',
    {},
    element('polyline', {
      points: places,
      fill: 'none',
      stroke,
      'stroke-width': one.id === 'netloom' ? 2.75 : 1.75,
      'stroke-linejoin': 'round',
      'stroke-dasharray': one.id === 'floor' ? '6 4' : undefined
    }),
    ...one.points.map((point) =>
      element('circle', {
        cx: xs(point.x),
        cy: ys(point.y),
        r: one.id === 'netloom' ? 3.5 : 2.5,
        fill: stroke
      })
    )
  )
}

/** Moves names that would lie upon each other apart, and all of them into the picture. */
function spread<T extends { readonly y: number }>(ends: readonly T[]): (T & { at: number })[] {
  const placed: (T & { at: number })[] = []
  for (const end of ends) {
    placed.push({ ...end, at: Math.max(end.y, (placed.at(-1)?.at ?? -Infinity) + lineHeight) })
  }
  let limit = bottom
  for (const end of placed.toReversed()) {
    end.at = Math.min(end.at, limit)
    limit = end.at - lineHeight
  }
  return placed
}
