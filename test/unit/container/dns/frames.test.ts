import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FrameReader, frame } from '../../../../src/container/dns/frames.js'

it('gives back what was framed, however the stream is cut', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 })
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1 }), (list, cuts) => {
      const stream = Buffer.concat(list.map((message) => frame(Buffer.from(message))))
      const reader = new FrameReader()
      const read: Buffer[] = []
      for (let offset = 0, i = 0; offset < stream.length; i++) {
        const end = offset + cuts[i % cuts.length]!
        read.push(...reader.push(stream.subarray(offset, end)))
        offset = end
      }
      expect(read.map((message) => message.toString('hex'))).toEqual(
        list.map((message) => Buffer.from(message).toString('hex'))
      )
    })
  )
})

it('takes the longest message, byte for byte', () => {
  const reader = new FrameReader()
  const stream = frame(Buffer.alloc(0xffff, 7))
  const read = [...stream].flatMap((byte) => reader.push(Buffer.of(byte)))
  expect(read).toEqual([Buffer.alloc(0xffff, 7)])
})
