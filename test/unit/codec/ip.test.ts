import fc from 'fast-check'
import { isIPv4, isIPv6 } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  familyOf,
  ip,
  ipv4,
  ipv6,
  parseIpv4,
  parseIpv6,
  parsePrefix,
  readIpv6,
  writeIp,
  Writer
} from '../../../src/codec/index.js'
import { decode, encode, fromHex, hex, ipv4s, ipv6s } from './schemas.js'

/** Texts that are nearly addresses: edits of good ones, and strings over the same alphabet. */
const nearly = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF:.'), maxLength: 42 }),
  fc
    .tuple(
      fc.oneof(ipv4s, ipv6s),
      fc.nat(),
      fc.constantFrom('', ':', '.', '0', 'f', 'g', '::', ' ', '١'),
      fc.nat(2)
    )
    .map(([text, at, insert, cut]) => {
      const position = at % (text.length + 1)
      return text.slice(0, position) + insert + text.slice(position + cut)
    })
)

/** An expansion of its own: split at '::', the dotted quad turned into two groups first. */
function expand(text: string): number[] {
  const plain = text.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_all, a: string, b: string, c: string, d: string) => {
      return [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((n) => n.toString(16)).join(':')
    }
  )
  const [left = '', right] = plain.split('::')
  const groups = (half: string): string[] => (half === '' ? [] : half.split(':'))
  const head = groups(left)
  const tail = right === undefined ? [] : groups(right)
  const all = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail]
  return all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff])
}

describe('IPv4', () => {
  it('lays out its bytes', () => {
    expect(hex(encode(ipv4, '10.0.255.1'))).toBe('0a00ff01')
    expect(decode(ipv4, fromHex('c0a80001'))).toBe('192.168.0.1')
  })

  it('takes what node:net takes', () => {
    fc.assert(
      fc.property(nearly, (text) => {
        expect(parseIpv4(text) >= 0).toBe(isIPv4(text))
      }),
      { numRuns: 2000 }
    )
  })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(ipv4s, (text) => {
        expect(decode(ipv4, encode(ipv4, text))).toBe(text)
      })
    )
  })

  it.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1..2.3',
    '.1.2.3',
    '1.2.3.',
    ' 1.2.3.4',
    '1.2.3.4/8',
    '0x1.2.3.4'
  ])('refuses %j', (text) => {
    expect(() => encode(ipv4, text)).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE', value: text })
    )
  })

  it('parses a part of a text', () => {
    expect(parseIpv4('a 10.0.0.1/8', 2, 10)).toBe(0x0a000001)
  })
})

describe('IPv6', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::ffff:10.1.2.3', '::ffff:10.1.2.3'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8']
  ])('reads %s as %s (RFC 5952)', (text, canonical) => {
    expect(decode(ipv6, encode(ipv6, text))).toBe(canonical)
  })

  it('takes what node:net takes, and nothing with a zone', () => {
    fc.assert(
      fc.property(nearly, (text) => {
        expect(parseIpv6(text, new Uint8Array(16), 0)).toBe(isIPv6(text))
      }),
      { numRuns: 5000 }
    )
    expect(() => encode(ipv6, 'fe80::1%eth0')).toThrow(TypeError)
  })

  it('parses as an independent expansion does', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          ipv6s,
          nearly.filter((text) => isIPv6(text))
        ),
        (text) => {
          expect([...encode(ipv6, text)]).toEqual(expand(text))
        }
      ),
      { numRuns: 2000 }
    )
  })

  it('prints what parses to the same bytes, and the same text as the URL parser', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.array(fc.nat(7)), (bytes, zeros) => {
        for (const group of zeros) bytes.fill(0, group * 2, group * 2 + 2)
        const text = readIpv6(bytes, 0)
        expect(isIPv6(text)).toBe(true)
        expect(encode(ipv6, text)).toEqual(bytes)
        if (!text.includes('.')) expect(new URL(`http://[${text}]`).hostname).toBe(`[${text}]`)
      }),
      { numRuns: 2000 }
    )
  })

  it('never writes outside its sixteen bytes', () => {
    fc.assert(
      fc.property(nearly, (text) => {
        const target = new Uint8Array(48).fill(0xee)
        parseIpv6(text, target, 16)
        expect([...target.subarray(0, 16), ...target.subarray(32)].every((byte) => byte === 0xee)).toBe(true)
      }),
      { numRuns: 2000 }
    )
  })
})

describe('an address of either family', () => {
  it('is told by its length', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4s, ipv6s), (text) => {
        const bytes = encode(ip, text)
        expect(bytes.length).toBe(familyOf(text) === 'inet' ? 4 : 16)
        expect(encode(ip, decode(ip, bytes))).toEqual(bytes)
      })
    )
    expect(() => encode(ip, 'localhost')).toThrow(
      'an IP address such as "10.0.0.1" or "fd00::1"; got "localhost"'
    )
    expect(() => encode(ip, 1 as unknown as string)).toThrow(TypeError)
  })

  it('leaves nothing behind in the writer when it is refused', () => {
    const writer = new Writer()
    expect(writeIp(writer, '1:2:3:nonsense')).toBe(0)
    expect(writer.position).toBe(0)
    expect(writer.bytes.every((byte) => byte === 0)).toBe(true)
  })
})

describe('parsePrefix', () => {
  it('splits address and length', () => {
    expect(parsePrefix('10.0.0.2/24')).toEqual({ address: '10.0.0.2', length: 24, family: 'inet' })
    expect(parsePrefix('fd00::2/64')).toEqual({ address: 'fd00::2', length: 64, family: 'inet6' })
    expect(parsePrefix('10.0.0.2')).toEqual({ address: '10.0.0.2', length: 32, family: 'inet' })
    expect(parsePrefix('::')).toEqual({ address: '::', length: 128, family: 'inet6' })
    expect(parsePrefix('0.0.0.0/0').length).toBe(0)
  })

  it.each([
    '',
    '/',
    '10.0.0.1/',
    '10.0.0.1/-1',
    '10.0.0.1/ 8',
    '10.0.0.1/08',
    '10.0.0.1/8/8',
    'x/8',
    '1e1/8',
    '10.0.0.1/1e1'
  ])('refuses %j', (text) => {
    expect(() => parsePrefix(text)).toThrow(TypeError)
  })

  it('refuses a length out of range', () => {
    expect(() => parsePrefix('10.0.0.1/33')).toThrow('a prefix length from 0 to 32; got "10.0.0.1/33"')
    expect(() => parsePrefix('::/129')).toThrow('a prefix length from 0 to 128')
    expect(() => parsePrefix(8)).toThrow(TypeError)
  })
})
