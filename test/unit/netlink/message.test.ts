import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Writer } from '../../../src/codec/index.js'
import { messages } from '../../../src/netlink/index.js'

function three(): Uint8Array {
  const writer = new Writer()
  for (const size of [0, 5, 8]) {
    const start = writer.beginMessage(16 + size, 2)
    writer.zeros(size)
    writer.endMessage(start)
  }
  return writer.written()
}

describe('messages', () => {
  it('walks padded messages', () => {
    const found = [...messages(three())]
    expect(found.map(({ type, flags, offset, length }) => [type, flags, offset, length])).toEqual([
      [16, 2, 16, 0],
      [21, 2, 32, 5],
      [24, 2, 56, 8]
    ])
  })

  it('reads header words without a sign', () => {
    const bytes = Uint8Array.of(16, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0)
    expect([...messages(bytes)]).toMatchObject([{ type: 0xffff, flags: 0xffff, sequence: 0xfffffffe }])
  })

  it('leaves out what is cut off or too short to be a message', () => {
    const bytes = three()
    expect([...messages(bytes.subarray(0, bytes.length - 4))]).toHaveLength(2)
    expect([...messages(Uint8Array.of(15, 0, 0, 0, ...new Array<number>(20).fill(0)))]).toEqual([])
    expect([...messages(Uint8Array.of(255, 255, 255, 255, ...new Array<number>(20).fill(0)))]).toEqual([])
  })

  it('ends, and stays within the bytes, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const message of messages(bytes)) {
          expect(message.offset + message.length).toBeLessThanOrEqual(bytes.length)
        }
      })
    )
  })
})
