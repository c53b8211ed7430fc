/** Panels of horizontal bars, best first, with the least and the most that was measured. */
import type { Colours } from './colours.js'
import { linear } from './scale.js'
import { element, faint, ink, line, margin, picture, text } from './svg.js'

export interface Bar {
  readonly id: string
  readonly name: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly label: string
}

export interface Panel {
  readonly title: string
  readonly bars: readonly Bar[]
}

const width = 840
/** Where the longest bar ends; its label stands behind. */
const right = 640
/** About as much as a letter takes. */
const letterWidth = 6.8
const rowHeight = 22
const barHeight = 14
const panelHead = 40
const panelGap = 14

export function barChart(title: string, panels: readonly Panel[], colour: Colours): string {
  const names = panels.flatMap((panel) => panel.bars.map((bar) => bar.name.length))
  const left = margin + 16 + letterWidth * Math.max(...names)
  const drawn: string[] = []
  let y = 44
  for (const panel of panels) {
    drawn.push(text(panel.title, margin, y + 22, { 'font-weight': 600, 'font-size': 13 }))
    y += panelHead
    // One that takes fifty times as long would leave nothing of the others: it is cut off, and its label tells.
    const longest = cutOff(panel.bars)
    const scale = linear([longest], left, right)
    const others = panel.bars.some(({ id }) => id !== panel.bars[0]!.id)
    for (const bar of panel.bars) {
      drawn.push(drawBar(bar, { y, left, longest, scale, colour, others }))
      y += rowHeight
    }
    drawn.push(line(left, y - panel.bars.length * rowHeight - 4, left, y - 2, { stroke: faint }))
    y += panelGap
  }
  return picture(width, y + 10, title, drawn)
}

function cutOff(bars: readonly Bar[]): number {
  const values = bars.map((bar) => bar.value).sort((a, b) => a - b)
  const middle = values[values.length >> 1]!
  return Math.max(...values.filter((value) => value <= 6 * middle))
}

interface Place {
  readonly y: number
  readonly left: number
  readonly longest: number
  readonly scale: (value: number) => number
  readonly colour: Colours
  /** netloom stands among others. */
  readonly others: boolean
}

function drawBar(bar: Bar, { y, left, longest, scale, colour, others }: Place): string {
  const shown = Math.min(bar.value, longest)
  const fill = colour(bar.id)
  const isCut = shown < bar.value
  const end = scale(shown)
  const middle = y + barHeight / 2
  const max = Math.min(bar.max, longest)
  const whisker =
    isCut || bar.max <= bar.min
      ? []
      : [
          line(scale(bar.min), middle, scale(max), middle, { stroke: ink, 'stroke-width': 1, opacity: 0.7 }),
          ...[bar.min, max].map((at) =>
            line(scale(at), middle - 3, scale(at), middle + 3, {
              stroke: ink,
              'stroke-width': 1,
              opacity: 0.7
            })
          )
        ]
  const slash = isCut
    ? [
        element('path', {
          d: `M${end - 24} ${y + barHeight + 2} l6 ${-barHeight - 4} h6 l-6 ${barHeight + 4} z`,
          fill: '#ffffff'
        })
      ]
    : []
  const behind = Math.max(end, isCut ? 0 : scale(max)) + 8
  return element(
    'g',
    {},
    text(bar.name, left - 10, middle + 4, {
      'text-anchor': 'end',
      'font-weight': others && bar.id === 'netloom' ? 700 : undefined
    }),
    element('rect', { x: left, y, width: Math.max(1, end - left), height: barHeight, rx: 2, fill }),
    ...slash,
    ...whisker,
    text(bar.label, behind, middle + 4, { fill: faint })
  )
}
