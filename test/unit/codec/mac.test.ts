import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkLayerAddress, mac } from '../../../src/codec/index.js'
import { decode, encode, fromHex, hex, macs } from './schemas.js'

describe('MAC addresses', () => {
  it('lays out its bytes', () => {
    expect(hex(encode(mac, '02:42:AC:11:00:02'))).toBe('0242ac110002')
    expect(hex(encode(mac, '02-42-ac-11-00-02'))).toBe('0242ac110002')
    expect(hex(encode(mac, '2:42:ac:11:0:2'))).toBe('0242ac110002')
    expect(decode(mac, fromHex('0242ac110002'))).toBe('02:42:ac:11:00:02')
  })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(macs, (text) => {
        expect(decode(mac, encode(mac, text))).toBe(text)
      })
    )
  })

  it.each([
    '',
    '02',
    '02:42:ac:11:00',
    '02:42:ac:11:00:02:03',
    '02:42:ac:11:00:0g',
    '02::ac:11:00:02',
    '002:42:ac:11:00:02',
    '0242ac110002',
    '02:42:ac:11:00:02 ',
    '02:42:ac:11:00:-2'
  ])('refuses %j', (text) => {
    expect(() => encode(mac, text)).toThrow(TypeError)
  })

  it('never throws anything but its own refusal', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: fc.constantFrom(...'0123456789abcfF:-'), maxLength: 20 }), fc.string()),
        (text) => {
          const good = /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/i.test(text)
          if (good) expect(encode(mac, text).length).toBe(6)
          else
            expect(() => encode(mac, text)).toThrow(
              expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' })
            )
        }
      )
    )
    expect(() => encode(mac, 1 as unknown as string)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' })
    )
  })
})

describe('link-layer addresses', () => {
  it('have the lengths of several kinds of link', () => {
    expect(hex(encode(linkLayerAddress, '0a:00:00:01'))).toBe('0a000001')
    expect(decode(linkLayerAddress, fromHex('0a000001'))).toBe('0a:00:00:01')
    expect(encode(linkLayerAddress, Array.from({ length: 20 }, () => 'ff').join(':')).length).toBe(20)
    expect(decode(linkLayerAddress, new Uint8Array())).toBe('')
    expect(() => encode(linkLayerAddress, '01:02:03')).toThrow(TypeError)
  })
})
