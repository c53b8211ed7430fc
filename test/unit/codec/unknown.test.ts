import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode, hex, route } from './schemas.js'

describe('unknown attributes', () => {
  it('are kept as they came, flags and all, and written back', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            type: fc.integer({ min: 100, max: 0x3fff }),
            flags: fc.constantFrom(0, 0x4000, 0x8000, 0xc000),
            bytes: fc.uint8Array()
          })
        ),
        (items) => {
          const unknown = items.map(({ type, flags, bytes }) => ({ type: type | flags, bytes }))
          const bytes = encode(route, { link: 1, unknown })
          const read = decode(route, bytes)
          expect(read.unknown ?? []).toEqual(unknown)
          expect(read.link).toBe(1)
          expect(encode(route, read)).toEqual(bytes)
        }
      )
    )
  })

  it('are copies', () => {
    const bytes = encode(route, { unknown: [{ type: 99, bytes: new Uint8Array([1, 2, 3]) }] })
    const read = decode(route, bytes)
    bytes.fill(0)
    expect(hex(read.unknown![0]!.bytes)).toBe('010203')
  })

  it('are refused by path', () => {
    const bytes = new Uint8Array(1)
    for (const [unknown, field] of [
      [{}, 'unknown'],
      [[null], 'unknown[0]'],
      [[{ type: 1, bytes }, { type: 1 }], 'unknown[1]'],
      [[{ type: 1, bytes: [1] }], 'unknown[0]'],
      [[{ type: 65536, bytes }], 'unknown[0].type'],
      [[{ type: 1.5, bytes }], 'unknown[0].type'],
      [[{ type: 1, bytes: new Uint8Array(70_000) }], 'unknown[0].bytes']
    ] as const) {
      expect(() => encode(route, { unknown } as object)).toThrow(expect.objectContaining({ field }))
    }
  })
})
