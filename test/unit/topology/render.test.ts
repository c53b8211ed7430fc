import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type TopologyLink,
  renderDot,
  renderMermaid,
  renderSvg,
  renderTree
} from '../../../src/topology/index.js'
import { link, loopback, namespace, sample, star } from './sample.js'

const golden = (name: string): string => join(import.meta.dirname, 'golden', name)

describe('golden pictures', () => {
  it.each([
    ['tree.txt', renderTree(sample)],
    ['tree-details.txt', renderTree(sample, { all: true, details: true })],
    ['picture.mmd', renderMermaid(sample)],
    ['picture.dot', renderDot(sample)],
    ['picture.svg', renderSvg(sample)],
    ['star.txt', renderTree(star(6))],
    ['star.svg', renderSvg(star(6))]
  ])('%s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(golden(name))
  })
})

describe('what names hold', () => {
  it('does not reach a terminal as a command', () => {
    // eslint-disable-next-line no-control-regex
    expect(renderTree(sample)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })

  it('can not break out of a label of Mermaid or DOT', () => {
    const labels = [...renderMermaid(sample).matchAll(/"([^"\n]*)"\]/g)].map(([, label]) => label!)
    expect(labels.length).toBeGreaterThan(15)
    for (const label of labels) expect(label.replace(/<\/?b>|<br\/>/g, '')).not.toMatch(/[<>"`]/)
    const statements = renderDot(sample).replace(/"(?:[^"\\]|\\.)*"/g, 'TEXT')
    expect(statements).not.toMatch(/script|["\\#`]/)
  })

  it('is text in SVG', () => {
    const picture = renderSvg(sample)
    expect(picture).not.toMatch(/<script|<b>/)
    expect(picture).toContain('&lt;script&gt;')
    expect(balanced(picture)).toBe(true)
  })
})

describe('the tree', () => {
  it('takes colours', () => {
    const painted = renderTree(sample, { paint: (role, text) => `‹${role}:${text}›` })
    expect(painted).toContain('‹namespace:host›')
    expect(painted).toContain('‹name:br0›')
    expect(painted).toContain('‹down:lowerlayerdown›')
    expect(painted.replace(/‹\w+:([^›]*)›/g, '$1')).toBe(renderTree(sample))
  })

  it('shows each link once, whatever refers to whatever', () => {
    const ring = namespace(1, {
      links: [
        link(1, 'one', { kind: 'macvlan', parent: { namespace: 1, link: 2 } }),
        link(2, 'two', { kind: 'macvlan', parent: { namespace: 1, link: 1 } }),
        link(3, 'self', { master: 3 })
      ]
    })
    const text = renderTree({ namespaces: [ring] })
    for (const name of ['one', 'two', 'self'])
      expect(text.match(new RegExp(`─ ${name} `, 'g'))).toHaveLength(1)
  })

  it('calls namespaces what it is told to', () => {
    const names = new Map([[200, 'frontend']])
    expect(renderTree(sample, { names })).toContain('frontend (also con1)\n')
    expect(renderTree(sample, { names })).toContain('↔ eth0 in frontend\n')
    expect(renderMermaid(sample, { names })).toContain('subgraph ns1["frontend"]')
  })

  it('says of links what it is told to', () => {
    const remark = ({ kind }: TopologyLink) => (kind === 'bridge' ? 'network web' : undefined)
    expect(renderTree(sample, { remark })).toMatch(/─ br0 .* 10\.88\.0\.1\/16 +network web$/m)
    expect(renderDot(sample, { remark })).toContain('br0 (bridge)\\nnetwork web\\n10.88.0.1/16')
  })

  it('is empty for nothing', () => {
    expect(renderTree({ namespaces: [] })).toBe('')
  })
})

describe('the SVG', () => {
  it.each([0, 1, 2, 5, 29, 60])('places %d hosts around a router without overlaps', (count) => {
    const boxes = boxesOf(renderSvg(star(count)))
    expect(boxes).toHaveLength(count + 1)
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const apart =
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
        expect(apart).toBe(true)
      }
    }
  })

  it('is not larger than it must be', () => {
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(renderSvg(star(29)))!.map(Number)
    expect(width).toBeLessThan(1200)
    expect(height).toBeLessThan(2000)
  })

  it('keeps everything inside', () => {
    const picture = renderSvg(sample)
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(picture)!.map(Number)
    for (const box of boxesOf(picture)) {
      expect(box.x).toBeGreaterThanOrEqual(0)
      expect(box.y).toBeGreaterThanOrEqual(0)
      expect(box.x + box.width).toBeLessThanOrEqual(width!)
      expect(box.y + box.height).toBeLessThanOrEqual(height!)
    }
  })

  it('draws a chain of namespaces from left to right', () => {
    const chain = {
      namespaces: [1, 2, 3, 4].map((i) =>
        namespace(i, {
          names: [`n${i}`],
          current: i === 1,
          links: [
            loopback,
            ...(i > 1 ? [link(2, 'left', { kind: 'veth', peer: { namespace: i - 1, link: 3 } })] : []),
            ...(i < 4 ? [link(3, 'right', { kind: 'veth', peer: { namespace: i + 1, link: 2 } })] : [])
          ]
        })
      )
    }
    const xs = boxesOf(renderSvg(chain)).map(({ x }) => x)
    expect(xs).toEqual(xs.toSorted((a, b) => a - b))
    expect(new Set(xs).size).toBe(4)
  })
})

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function boxesOf(picture: string): Rectangle[] {
  const form = /translate\((-?\d+) (-?\d+)\)">\n<rect class="namespace" width="(\d+)" height="(\d+)"/g
  return [...picture.matchAll(form)].map(([, x, y, width, height]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height)
  }))
}

/** Every tag is closed, in order. */
function balanced(xml: string): boolean {
  const open: string[] = []
  for (const [, closing, name, alone] of xml.matchAll(/<(\/?)([a-z]+)(?:\s[a-zA-Z:-]+="[^"<]*")*(\/?)>/g)) {
    if (closing === '/') {
      if (open.pop() !== name) return false
    } else if (alone !== '/') open.push(name!)
  }
  return open.length === 0
}
