import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  attribute,
  enumeration,
  familyAddress,
  header,
  parsePrefix,
  prefix,
  record,
  u8,
  type InputOf
} from '../../../src/codec/index.js'
import { decode, encode, fromHex, hex, ipv4s, ipv6s, route } from './schemas.js'

const family = header(0, enumeration(u8, { inet: 2, inet6: 10, mpls: 28 }), { absent: 0 })
const place = { attribute: 1, lengthOffset: 1, familyOffset: 0 }
const plain = record({ family, to: prefix(place) }, { headerSize: 4 })
const lenient = record(
  { family, to: prefix({ ...place, default: true, zero: 'absent', hostBits: 'keep' }) },
  { headerSize: 4 }
)
const clearing = record({ family, to: prefix({ ...place, hostBits: 'clear' }) }, { headerSize: 4 })

describe('prefix', () => {
  it('spreads over the header and an attribute', () => {
    expect(hex(encode(plain, { to: '10.1.2.0/24' }))).toBe('02180000' + '080001000a010200')
    expect(hex(encode(plain, { to: '10.1.2.3' }))).toBe('02200000' + '080001000a010203')
    expect(hex(encode(plain, { to: 'fd00::/8' }))).toBe('0a080000' + '14000100' + 'fd'.padEnd(32, '0'))
    expect(hex(encode(plain, { to: '0.0.0.0/0' }))).toBe('02000000')
    expect(hex(encode(plain, { to: '::/0' }))).toBe('0a000000')
  })

  it('reads the prefix of length 0 by the family', () => {
    expect(decode(plain, fromHex('02000000'))).toEqual({ family: 'inet', to: '0.0.0.0/0' })
    expect(decode(plain, fromHex('0a000000'))).toEqual({ family: 'inet6', to: '::/0' })
    expect(decode(plain, fromHex('80000000'))).toEqual({ family: 128, to: '0.0.0.0/0' })
    expect(decode(plain, fromHex('81000000'))).toEqual({ family: 129, to: '::/0' })
    expect(decode(plain, fromHex('02000000 0800010000000000'))).toEqual({ family: 'inet', to: '0.0.0.0/0' })
  })

  it('is absent without an address, or for a family without prefixes', () => {
    expect(decode(plain, fromHex('02180000'))).toEqual({ family: 'inet' })
    expect(decode(plain, fromHex('1c000000'))).toEqual({ family: 'mpls' })
    expect(decode(plain, fromHex('02180000 06000100 0a010000'))).toEqual({
      family: 'inet',
      unknown: [{ type: 1, bytes: fromHex('0a01') }]
    })
  })

  it('can read a length of 0 as absent', () => {
    expect(decode(lenient, fromHex('02000000'))).toEqual({ family: 'inet' })
    expect(decode(lenient, fromHex('02000000 0800010000000000'))).toEqual({ family: 'inet' })
    expect(decode(lenient, fromHex('02180000 080001000a010203'))).toEqual({
      family: 'inet',
      to: '10.1.2.3/24'
    })
  })

  it('refuses, keeps or clears host bits', () => {
    for (const to of [
      '10.1.2.3/24',
      '128.0.0.0/0',
      '10.0.0.1/31',
      'fd00::1/127',
      'fd00::1/64',
      'fdff::/9',
      '::1/0'
    ]) {
      expect(() => encode(plain, { to })).toThrow(
        `to must be a prefix without host bits such as "10.0.0.0/24" or "fd00::/64"; got "${to}"`
      )
      const { family: name, length } = parsePrefix(to)
      expect(decode(clearing, encode(clearing, { to })).to).toMatch(new RegExp(`/${length}$`))
      expect(decode(clearing, encode(clearing, { to })).family).toBe(name)
      if (length > 0) expect(decode(lenient, encode(lenient, { to })).to).toBe(to)
    }
    expect(hex(encode(clearing, { to: 'fdff:ffff::1/9' }))).toBe(
      '0a090000' + '14000100' + 'fd80'.padEnd(32, '0')
    )
    expect(hex(encode(lenient, { to: '1.2.3.4/0' }))).toBe('02000000' + '0800010001020304')
  })

  it("takes 'default' only where that is said", () => {
    expect(hex(encode(lenient, { to: 'default' }))).toBe('00000000')
    expect(hex(encode(lenient, { family: 'inet6', to: 'default' }))).toBe('0a000000')
    expect(() => encode(plain, { to: 'default' })).toThrow(TypeError)
    expect(() => encode(lenient, { to: 'any' })).toThrow(
      'a prefix such as "10.0.0.0/24" or "fd00::/64", or "default"; got "any"'
    )
  })

  it('refuses a mix of families', () => {
    expect(() => encode(plain, { family: 'inet6', to: '10.0.0.0/8' })).toThrow(
      'to must be of family inet6, as the rest of the object; got "10.0.0.0/8"'
    )
    expect(() => encode(plain, { family: 'inet', to: 'fd00::/8' })).toThrow('to must be of family inet, as')
    expect(() => encode(plain, { family: 'mpls', to: 'fd00::/8' })).toThrow(
      "to must be of the object's address family, 28; got"
    )
    expect(() => encode(route, { destination: '10.0.0.0/8', gateway: 'fd00::1' })).toThrow(
      'gateway must be of family inet, as'
    )
    expect(() => encode(route, { destination: '::/0', source: '0.0.0.0/0' })).toThrow(
      'source must be of family inet6'
    )
  })

  it.each([
    '',
    '/',
    '10.0.0.0/',
    '/8',
    '10.0.0.0/08',
    '10.0.0.0/+8',
    '10.0.0.0/8/8',
    '10.0.0.0/8 ',
    '10.0.0/8',
    '10.0.0.0/00',
    '10.0.0.0/99999',
    'fd00::/x'
  ])('refuses %j', (to) => {
    expect(() => encode(plain, { to })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE', field: 'to', value: to })
    )
  })

  it('refuses lengths out of range, and what is no string', () => {
    expect(() => encode(plain, { to: '10.0.0.0/33' })).toThrow(
      'to must be a prefix length from 0 to 32; got "10.0.0.0/33"'
    )
    expect(() => encode(plain, { to: 'fd00::/129' })).toThrow(RangeError)
    expect(() => encode(plain, { to: 8 as unknown as string })).toThrow(
      'to must be a prefix without host bits'
    )
  })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(ipv4s, fc.integer({ min: 1, max: 32 })),
          fc.tuple(ipv6s, fc.integer({ min: 1, max: 128 }))
        ),
        ([address, length]) => {
          const bytes = encode(lenient, { to: `${address}/${length}` })
          const read = decode(lenient, bytes)
          expect(encode(lenient, read)).toEqual(bytes)
          // What is read after clearing has no host bits, and is accepted by the strict one.
          const cleared = decode(clearing, encode(clearing, { to: `${address}/${length}` }))
          expect(decode(plain, encode(plain, cleared))).toEqual(cleared)
        }
      )
    )
  })

  it('is a string in types', () => {
    expectTypeOf<InputOf<typeof plain>['to']>().toEqualTypeOf<string | undefined>()
  })
})

describe('familyAddress', () => {
  const type = record(
    { family, gateway: familyAddress(5, { familyOffset: 0 }), mark: attribute(6, u8) },
    { headerSize: 4 }
  )

  it('fills in the family', () => {
    expect(hex(encode(type, { gateway: '10.0.0.1' }))).toBe('02000000' + '080005000a000001')
    expect(decode(type, encode(type, { gateway: 'fd00::1' }))).toEqual({
      family: 'inet6',
      gateway: 'fd00::1'
    })
  })

  it('refuses what is no address, or of another family', () => {
    expect(() => encode(type, { gateway: '10.0.0.1/8' })).toThrow('gateway must be an IP address')
    expect(() => encode(type, { gateway: 'gw' })).toThrow(TypeError)
    expect(() => encode(type, { gateway: 1 as unknown as string })).toThrow(TypeError)
    expect(() => encode(type, { family: 'inet6', gateway: '10.0.0.1' })).toThrow(
      'gateway must be of family inet6'
    )
  })

  it('keeps an address of another length as unknown', () => {
    expect(decode(type, fromHex('02000000 0600050001020000'))).toEqual({
      family: 'inet',
      unknown: [{ type: 5, bytes: new Uint8Array([1, 2]) }]
    })
  })
})
