import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  attribute,
  enumeration,
  header,
  present,
  record,
  required,
  readOnly,
  text,
  u16,
  u32,
  u8,
  writeOnly,
  type InputOf,
  type OutputOf,
  type UnknownAttribute
} from '../../../src/codec/index.js'
import { decode, encode, everything, everythings, fromHex, hex, route, routes, union } from './schemas.js'

describe('record', () => {
  it('lays out a header and attributes', () => {
    const bytes = encode(route, {
      destination: '10.1.2.0/24',
      gateway: '10.0.0.1',
      link: 3,
      protocol: 'static',
      priority: 100,
      metrics: { mtu: 1400 },
      nextHops: [{ link: 4, gateway: '10.0.0.2' }]
    })
    expect(hex(bytes)).toBe(
      '02180000' +
        'fe040001' +
        '00000000' + // rtmsg
        '080001000a010200' + // RTA_DST
        '0800040003000000' + // RTA_OIF
        '080005000a000001' + // RTA_GATEWAY
        '0800060064000000' + // RTA_PRIORITY
        '0c0008800800020078050000' + // RTA_METRICS
        '18000980' +
        '14000180' +
        '0800040004000000' +
        '080005000a000002'
    )
    expect(decode(route, bytes)).toEqual({
      family: 'inet',
      destination: '10.1.2.0/24',
      table: 'main',
      protocol: 'static',
      scope: 'universe',
      type: 'unicast',
      flags: [],
      link: 3,
      gateway: '10.0.0.1',
      priority: 100,
      metrics: { mtu: 1400 },
      nextHops: [{ link: 4, gateway: '10.0.0.2' }]
    })
  })

  it('writes again what it read, to the same bytes', () => {
    fc.assert(
      fc.property(routes, (value) => {
        const bytes = encode(route, value)
        const read = decode(route, bytes)
        expect(encode(route, read)).toEqual(bytes)
        expect(decode(route, encode(route, read))).toEqual(read)
      })
    )
  })

  it('reads what it wrote, for every type and field', () => {
    fc.assert(
      fc.property(everythings, (value) => {
        const bytes = encode(everything, value)
        expect(bytes.length % 4).toBe(0)
        const read = decode(everything, bytes)
        for (const key of [
          'name',
          'mac',
          'v4',
          'network',
          'yes',
          'raw',
          'numbers',
          'names',
          'indexed',
          'more',
          'nested'
        ] as const) {
          expect(read[key]).toEqual(value[key])
        }
        expect(read.word).toBe(value.word ?? 7)
        expect(read.enabled).toBe(value.enabled ?? false)
        expect(read.alias).toBe(value.alias === null ? '' : value.alias)
        expect(read.there).toBe(value.there === true ? true : undefined)
        expect('hidden' in read).toBe(false)
        expect(read.unknown?.filter((item) => item.type !== 26)).toEqual(
          value.unknown ?? (value.secret === undefined ? undefined : [])
        )
      })
    )
  })

  it('reads only what the kernel sent', () => {
    const read = decode(route, encode(route, {}))
    expect(Object.keys(read)).toEqual(['table', 'protocol', 'scope', 'type', 'flags'])
  })

  it('takes undefined for absent', () => {
    expect(encode(route, { gateway: undefined, unknown: undefined, table: undefined })).toEqual(
      encode(route, {})
    )
    expect(encode(route, { nothing: undefined } as object)).toEqual(encode(route, {}))
  })

  it('pads a header that is no multiple of four (NLMSG_ALIGN)', () => {
    const odd = record({ family: header(0, u8), link: attribute(1, u32) }, { headerSize: 1 })
    expect(hex(encode(odd, { family: 2, link: 5 }))).toBe('02000000' + '0800010005000000')
    expect(decode(odd, encode(odd, { family: 2, link: 5 }))).toEqual({ family: 2, link: 5 })
  })

  it('gives 64-bit numbers as bigint where that is asked for, also below', () => {
    const value = { big: 1n << 60n, network64: (1n << 64n) - 1n }
    const read = decode(everything, encode(everything, value), { bigint: true })
    expect(read.big).toBe(value.big)
    expect(read.network64).toBe(value.network64)
  })
})

describe('what a record refuses', () => {
  it('unknown keys, naming those that there are', () => {
    expect(() => encode(route, { gatway: '10.0.0.1' } as object)).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'ERR_UNKNOWN_FIELD',
        field: 'gatway',
        value: '10.0.0.1'
      })
    )
    expect(() => encode(route, { gatway: 1 } as object)).toThrow(
      /gatway must be no key of this object; its keys are family, destination, .*nextHops; got 1/
    )
    expect(() => encode(route, { metrics: { mut: 1 } } as object)).toThrow(
      expect.objectContaining({ field: 'metrics.mut' })
    )
    for (const key of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      const value = Object.defineProperty({}, key, { value: 1, enumerable: true })
      expect(() => encode(route, value)).toThrow(
        expect.objectContaining({ code: 'ERR_UNKNOWN_FIELD', field: key })
      )
    }
  })

  it('keys that can only be read', () => {
    expect(() => encode(route, { cacheInfo: {} } as object)).toThrow(
      'cacheInfo must be absent: it can only be read'
    )
  })

  it('what is no object', () => {
    for (const value of [null, 1, 'route', [], undefined]) {
      expect(() => encode(route, value as unknown as object)).toThrow('the value must be a route; got')
    }
    expect(() => encode(route, { metrics: 7 })).toThrow('metrics must be an object; got 7')
    expect(() => encode(route, { nextHops: [null] } as object)).toThrow(
      'nextHops[0] must be a next hop; got null'
    )
  })

  it('a lack of what is required, wherever it is', () => {
    expect(() => encode(everything, { nested: {} as { id: number } })).toThrow(
      expect.objectContaining({ code: 'ERR_MISSING_FIELD', field: 'nested.id' })
    )
    expect(() => encode(route, { nextHops: [{ link: 1 }, {} as { link: number }] })).toThrow(
      'nextHops[1].link must be given; got undefined'
    )
  })

  it('values, naming the path, the value and what is allowed', () => {
    expect(() => encode(route, { metrics: { mtu: -1 } })).toThrow(
      'metrics.mtu must be a whole number from 0 to 4294967295; got -1'
    )
    expect(() => encode(route, { nextHops: [{ link: 1, gateway: 'x' }] })).toThrow(
      expect.objectContaining({
        field: 'nextHops[0].gateway',
        value: 'x',
        expected: 'an IP address such as "10.0.0.1" or "fd00::1"'
      })
    )
    expect(() => encode(everything, { nested: { id: 1, inner: { deep: 300 } } })).toThrow(
      'nested.inner.deep must be a whole number from 0 to 255; got 300'
    )
    expect(() => encode(route, { link: 0 })).toThrow(RangeError)
  })

  it('null, where nothing can be cleared', () => {
    expect(() => encode(route, { priority: null } as object)).toThrow(
      'priority must be a whole number from 0 to 4294967295; got null'
    )
    expect(hex(encode(record({ alias: attribute(2, text(9), { clear: '' }) }), { alias: null }))).toBe(
      '0500020000000000'
    )
  })

  it('what does not fit in an attribute', () => {
    const wide = record({ inner: attribute(1, record({ text: attribute(2, text(100_000)) })) })
    expect(() => encode(wide, { inner: { text: 'a'.repeat(65_531) } })).toThrow(
      'inner.text must be at most 65531 bytes on the wire; got 65532'
    )
    expect(() => encode(wide, { inner: { text: 'a'.repeat(65_528) } })).toThrow(
      'inner must be at most 65531 bytes on the wire; got 65536'
    )
  })

  it('what the check of the whole refuses, before anything is written', () => {
    const checked = record(
      { a: attribute(1, u8), b: attribute(2, u8) },
      {
        check: ({ a, b }) => {
          if (a !== undefined && b !== undefined) throw new TypeError('not both')
        }
      }
    )
    expect(() => encode(checked, { a: 1, b: 1 })).toThrow('not both')
    expect(hex(encode(checked, { a: 1 }))).toBe('0500010001000000')
  })
})

describe('lengths that differ between kernels', () => {
  it('reads a short header as zero, and as absent where it is optional', () => {
    const read = decode(everything, fromHex('01 02 0102 0a'))
    expect(read).toEqual({ byte: 1, signedByte: 2, port: 258, word: 10, enabled: false, dormant: false })
    expect(decode(everything, new Uint8Array())).toMatchObject({ byte: 0, word: 0 })
  })

  it('keeps an attribute that is too short for its type', () => {
    const bytes = new Uint8Array([...encode(route, {}), 6, 0, 4, 0, 1, 2, 0, 0])
    const read = decode(route, bytes)
    expect(read.unknown).toEqual([{ type: 4, bytes: new Uint8Array([1, 2]) }])
    expect(encode(route, read)).toEqual(bytes)
  })

  it('stops at a length that cannot be', () => {
    for (const tail of ['00000100', '03000100', 'ff000100 00000000', '0800', '080001']) {
      const bytes = new Uint8Array([...encode(route, { link: 1 }), ...fromHex(tail)])
      expect(decode(route, bytes).link).toBe(1)
      expect(decode(route, bytes).unknown).toBeUndefined()
    }
  })

  it('takes the last of an attribute that comes twice', () => {
    const once = encode(record({ link: attribute(4, u32) }), { link: 9 })
    expect(decode(route, new Uint8Array([...encode(route, { link: 1 }), ...once])).link).toBe(9)
  })
})

describe('paths of attributes', () => {
  const bytes = encode(route, {
    gateway: '10.0.0.1',
    metrics: { mtu: 1, window: 2 },
    unknown: [{ type: 99, bytes: new Uint8Array(4) }]
  })

  it('names the property that reads a number', () => {
    expect(route.keyOf(5)).toBe('gateway')
    expect(route.keyOf(1)).toBe('destination')
    expect(route.keyOf(99)).toBeUndefined()
  })

  it('finds the attribute that holds an offset', () => {
    const at = (offset: number): string | undefined => route.locate(bytes, 0, bytes.length, offset)
    expect(at(0)).toBeUndefined()
    expect(at(12)).toBe('gateway')
    expect(at(19)).toBe('gateway')
    expect(at(20)).toBe('metrics')
    expect(at(24)).toBe('metrics.mtu')
    expect(at(28)).toBe('metrics.mtu')
    expect(at(32)).toBe('metrics.window')
    expect(at(40)).toBeUndefined()
    expect(at(bytes.length)).toBeUndefined()
    expect(at(-1)).toBeUndefined()
  })

  it('finds it inside a larger buffer, and never throws', () => {
    const shifted = new Uint8Array([...new Uint8Array(8), ...bytes])
    expect(route.locate(shifted, 8, bytes.length, 8 + 32)).toBe('metrics.window')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: -4, max: 90 }), (random, wanted) => {
        const path = everything.locate(random, 0, random.length, wanted)
        expect(path === undefined || typeof path === 'string').toBe(true)
      })
    )
  })
})

describe('a field of its own making', () => {
  it('can let a sibling decide', () => {
    const bytes = encode(union, { kind: 'vlan', data: { id: 7 } })
    expect(hex(bytes)).toBe('09000100766c616e00000000' + '0c000280' + '0600010007000000')
    expect(decode(union, bytes)).toEqual({ kind: 'vlan', data: { id: 7 } })
    expect(() => encode(union, { kind: 'vlan', data: { id: -7 } })).toThrow('data.id must be')
    expect(decode(union, fromHex('0800010078797a000400028000000000')).unknown).toEqual([
      { type: 0x8002, bytes: new Uint8Array() }
    ])
  })
})

describe('types', () => {
  const example = record({
    needed: required(attribute(1, u32)),
    always: present(attribute(2, u16)),
    mine: readOnly(attribute(3, u8)),
    yours: writeOnly(attribute(4, u8)),
    clearable: attribute(5, text(8), { clear: '' }),
    kind: attribute(6, enumeration(u8, { a: 1 }))
  })

  it('follow from the schema', () => {
    expectTypeOf<OutputOf<typeof example>>().branded.toEqualTypeOf<{
      needed?: number
      always: number
      mine?: number
      clearable?: string
      kind?: 'a' | number
      unknown?: UnknownAttribute[]
    }>()
    expectTypeOf<InputOf<typeof example>>().branded.toEqualTypeOf<{
      needed: number
      always?: number | undefined
      yours?: number | undefined
      clearable?: string | null | undefined
      kind?: 'a' | number | undefined
      unknown?: readonly UnknownAttribute[] | undefined
    }>()
  })

  it('refuse at compile time', () => {
    // @ts-expect-error: a required field is missing
    expect(() => encode(example, {})).toThrow(TypeError)
    // @ts-expect-error: only read
    expect(() => encode(example, { needed: 1, mine: 1 })).toThrow(TypeError)
    // @ts-expect-error: no such name
    expect(() => encode(example, { needed: 1, kind: 'b' })).toThrow(TypeError)
    // @ts-expect-error: null clears only where it says so
    expect(() => encode(example, { needed: 1, always: null })).toThrow(TypeError)
  })
})
