import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messages } from '../../../src/netlink/index.js'
import { readAcknowledgement, readDone } from '../../../src/netlink/index.js'
import type { Message } from '../../../src/netlink/index.js'

const only = (bytes: Uint8Array): Message => [...messages(bytes)][0]!
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s+/g, ''), 'hex'))

describe('acknowledgements', () => {
  it('reads a capped refusal: the text and where the attribute lies', () => {
    const message = only(
      hex(`
        48000000 0200 0003 07000000 00000000
        de ff ff ff  30000000 1000 0506 07000000 00000000
        1c00 0100 496e76616c6964206164647265737300 0000000000000000
        0800 0200 24000000
      `)
    )
    expect(readAcknowledgement(message)).toEqual({
      errno: -34,
      extended: { message: 'Invalid address', offset: 36 }
    })
  })

  it('skips the request that an uncapped refusal sends back', () => {
    const request = '14000000 1000 0500 07000000 00000000 aabbccdd'
    const message = only(hex(`30000000 0200 0002 07000000 00000000 efffffff ${request} 0800 0200 10000000`))
    expect(readAcknowledgement(message)).toEqual({ errno: -17, extended: { offset: 16 } })
  })

  it('reads the range that the kernel wanted', () => {
    const policy = '0800 0100 04000000  0c00 0400 4400000000000000  0c00 0500 ffff000000000000'
    const message = only(
      hex(
        `48000000 0200 0003 07000000 00000000 deffffff 14000000 1000 0500 07000000 00000000 2400 0480 ${policy}`
      )
    )
    expect(readAcknowledgement(message).extended).toEqual({ policy: { type: 4, min: 68, max: 65535 } })
  })

  it('reads signed bounds, and what is missing where', () => {
    const policy = '0c00 0200 ffffffffffffffff  0c00 0300 0700000000000000'
    const message = only(
      hex(`
        50000000 0200 0003 07000000 00000000 eaffffff 14000000 1000 0500 07000000 00000000
        1c00 0480 ${policy}  0800 0500 09000000 0800 0600 20000000
      `)
    )
    expect(readAcknowledgement(message).extended).toEqual({
      policy: { minSigned: -1, maxSigned: 7 },
      missingType: 9,
      missingNest: 32
    })
  })

  it('reads the text of a success, which is a warning', () => {
    const message = only(
      hex(
        `30000000 0200 0002 07000000 00000000 00000000 14000000 1000 0500 07000000 00000000 0900 0100 6869 746f 00 000000`
      )
    )
    expect(readAcknowledgement(message)).toEqual({ errno: 0, extended: { message: 'hito' } })
  })

  it('reads the end of a dump', () => {
    const message = only(hex('1c000000 0300 0002 07000000 00000000 feffffff 0700 0100 6e6f 00 00'))
    expect(readDone(message)).toEqual({ errno: -2, extended: { message: 'no' } })
  })

  it('calls one that is too short a protocol error', () => {
    expect(readAcknowledgement(only(hex('14000000 0200 0003 07000000 00000000 efffffff')))).toEqual({
      errno: -71,
      extended: {}
    })
  })

  it('does not believe the length of the request that is sent back', () => {
    for (const length of ['ffffffff', 'fcffffff', '00000080', '01000000']) {
      const message = only(
        hex(`28000000 0200 0002 07000000 00000000 efffffff ${length} 1000 0500 07000000 00000000 0800 0200`)
      )
      expect(readAcknowledgement(message)).toMatchObject({ errno: -17 })
    }
  })

  it('never throws, whatever the kernel sends', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 120 }),
        fc.integer({ min: 0, max: 0xffff }),
        (payload, flags) => {
          const message: Message = {
            type: 2,
            flags,
            sequence: 0,
            bytes: payload,
            offset: 0,
            length: payload.length
          }
          readAcknowledgement(message)
          readDone(message)
        }
      ),
      { numRuns: 2000 }
    )
  })

  it('never throws on a well-formed start with anything after it', () => {
    const start = hex('efffffff 14000000 1000 0500 07000000 00000000')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (rest) => {
        const payload = Uint8Array.of(...start, ...rest)
        const message = {
          type: 2,
          flags: 0x300,
          sequence: 0,
          bytes: payload,
          offset: 0,
          length: payload.length
        }
        expect(readAcknowledgement(message).errno).toBe(-17)
      }),
      { numRuns: 2000 }
    )
  })
})
