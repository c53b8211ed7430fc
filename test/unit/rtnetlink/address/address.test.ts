import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Writer, compile } from '../../../../src/codec/index.js'
import { addressDump, addressOperations, readAddress } from '../../../../src/rtnetlink/address/index.js'
import type { AddressFilter, AddressSpec } from '../../../../src/rtnetlink/address/index.js'
import { addressMessage } from '../../../../src/rtnetlink/address/schema.js'
import { connection, encoded, hex, message } from '../encoded.js'

const { add, replace, delete: remove } = addressOperations
const RTM_NEWADDR = 20

describe('an address on the wire', () => {
  it('is local and remote address at once without a peer', () => {
    expect(encoded(add(connection, 'eth0', '10.0.0.2/24'))).toBe(
      '02180000 07000000 08000200 0a000002 08000100 0a000002'
    )
  })

  it('has every property', () => {
    const spec: AddressSpec = {
      address: '10.0.0.2/24',
      broadcast: 'auto',
      label: 'eth0:1',
      flags: ['noprefixroute'],
      validLifetime: 60,
      preferredLifetime: 30,
      priority: 5,
      protocol: 99
    }
    expect(encoded(replace(connection, 'eth0', spec))).toBe(
      [
        '02180000 07000000 08000200 0a000002 08000100 0a000002',
        '08000400 0a0000ff',
        '0b000300 65746830 3a310000',
        '08000800 00020000',
        '14000600 1e000000 3c000000 00000000 00000000',
        '08000900 05000000',
        '05000b00 63000000'
      ].join(' ')
    )
  })

  it('takes the prefix length from the peer', () => {
    expect(encoded(add(connection, 3, { address: 'fd00::2', peer: 'fd00::3/64', flags: ['nodad'] }))).toBe(
      [
        '0a400200 03000000',
        '14000100 fd000000 00000000 00000000 00000003',
        '14000200 fd000000 00000000 00000000 00000002',
        '08000800 02000000'
      ].join(' ')
    )
  })

  it('is of host scope in 127.0.0.0/8, as iproute2 has it', () => {
    expect(encoded(remove(connection, 3, { address: '127.0.0.2/8' }))).toBe(
      '020800fe 03000000 08000200 7f000002 08000100 7f000002'
    )
  })

  it.each([
    ['10.0.0.2/24', undefined, '0a0000ff'],
    ['10.1.2.3/0', undefined, 'ffffffff'],
    ['10.1.2.3/30', undefined, '0a010203'],
    ['10.1.2.3/31', undefined, undefined],
    ['10.1.2.3/32', undefined, undefined],
    ['10.1.2.3', '192.168.9.1/20', 'c0a80fff']
  ])('has the broadcast address of %s with peer %s', (address, peer, broadcast) => {
    const bytes = encoded(add(connection, 3, { address, peer, broadcast: 'auto' }))
    if (broadcast === undefined) expect(bytes).not.toContain('08000400')
    else expect(bytes).toContain(`08000400 ${broadcast}`)
  })

  it('is valid for ever with a preferred lifetime alone, and preferred as long as it is valid', () => {
    const preferred = encoded(add(connection, 3, { address: '10.0.0.2', preferredLifetime: 0 }))
    expect(preferred).toContain('14000600 00000000 ffffffff')
    const valid = encoded(add(connection, 3, { address: '10.0.0.2', validLifetime: 9 }))
    expect(valid).toContain('14000600 09000000 09000000')
  })

  it('asks for the addresses of a link and a family', () => {
    expect(encoded(addressDump(connection, { link: 'eth0', family: 'inet6' }))).toBe('0a000000 07000000')
    expect(encoded(addressDump(connection, {}))).toBe('00000000 00000000')
  })
})

describe('reading an address', () => {
  const header = '02188000 03000000'

  it('tells a peer from a broadcast address', () => {
    const bytes = `${header} 08000100 0a000003 08000200 0a000002`
    expect(readAddress(message(RTM_NEWADDR, bytes))).toEqual({
      family: 'inet',
      link: 3,
      address: '10.0.0.2/32',
      peer: '10.0.0.3/24',
      scope: 'global',
      flags: ['permanent']
    })
  })

  it('reads IPv6 without a local address', () => {
    const bytes = '0a400100 03000000 14000100 fd000000 00000000 00000000 00000002 08000800 01020000'
    expect(readAddress(message(RTM_NEWADDR, bytes))).toMatchObject({
      family: 'inet6',
      address: 'fd00::2/64',
      flags: ['temporary', 'noprefixroute']
    })
  })

  it('names the lowest flag by the family', () => {
    const read = (family: string) => readAddress(message(RTM_NEWADDR, `${family}180100 03000000`)).flags
    expect(read('02')).toEqual(['secondary'])
    expect(read('0a')).toEqual(['temporary'])
  })

  it('keeps nothing of the address that was read before', () => {
    readAddress(message(RTM_NEWADDR, `${header} 08000100 0a000003 08000200 0a000002`))
    const read = readAddress(message(RTM_NEWADDR, `${header} 08000200 0a000009`))
    expect(read.address).toBe('10.0.0.9/24')
    expect(read).not.toHaveProperty('peer')
  })

  it('reads lifetimes, and those that never end', () => {
    const bytes = `${header} 08000200 0a000009 14000600 05000000 ffffffff 01000000 02000000`
    expect(readAddress(message(RTM_NEWADDR, bytes))).toMatchObject({
      preferredLifetime: 5,
      validLifetime: Infinity
    })
  })

  it('keeps attributes that it does not know, and ones of a strange size', () => {
    const bytes = `${header} 08000200 0a000009 08006300 01020304 06000100 0a000000`
    expect(readAddress(message(RTM_NEWADDR, bytes))).toMatchObject({
      address: '10.0.0.9/24',
      unknown: [
        { type: 99, bytes: new Uint8Array([1, 2, 3, 4]) },
        { type: 1, bytes: new Uint8Array([10, 0]) }
      ]
    })
  })

  it('writes and reads the same when it is compiled', () => {
    const compiled = compile(addressMessage, { after: 0 })
    const interpreted = compile(addressMessage, { after: Infinity })
    const spec = fc.record(
      {
        address: fc.oneof(fc.ipV4(), fc.ipV6()),
        peer: fc.ipV4(),
        label: fc.constantFrom('a', 'eth0:1'),
        priority: fc.nat(),
        flags: fc.subarray(['nodad', 'permanent', 'noprefixroute', 'temporary'] as const),
        validLifetime: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(Infinity)),
        preferredLifetime: fc.integer({ min: 0, max: 1000 })
      },
      { requiredKeys: ['address'] }
    )
    const written = (type: typeof addressMessage, given: object): string => {
      const writer = new Writer()
      try {
        type.write(writer, { link: 4, ...given } as never)
      } catch (error) {
        return String(error)
      }
      const bytes = writer.written()
      return JSON.stringify([hex(bytes), type.read(bytes, 0, bytes.length)])
    }
    fc.assert(fc.property(spec, (given) => written(compiled, given) === written(interpreted, given)))
  })
})

describe('bad input', () => {
  const refused: readonly (readonly [unknown, string, string])[] = [
    [undefined, '', 'ERR_INVALID_ARG_TYPE'],
    [null, '', 'ERR_INVALID_ARG_TYPE'],
    [5, '', 'ERR_INVALID_ARG_TYPE'],
    ['', 'address', 'ERR_INVALID_ARG_VALUE'],
    ['10.0.0', 'address', 'ERR_INVALID_ARG_VALUE'],
    ['10.0.0.1/33', 'address', 'ERR_OUT_OF_RANGE'],
    ['fd00::1/129', 'address', 'ERR_OUT_OF_RANGE'],
    ['10.0.0.1/-1', 'address', 'ERR_INVALID_ARG_VALUE'],
    ['default', 'address', 'ERR_INVALID_ARG_VALUE'],
    [{}, 'address', 'ERR_MISSING_FIELD'],
    [{ address: 5 }, 'address', 'ERR_INVALID_ARG_TYPE'],
    [{ address: '10.0.0.1/24', peer: 'fd00::1' }, 'address', 'ERR_INVALID_ARG_VALUE'],
    [{ address: '10.0.0.1/24', peer: 'x' }, 'peer', 'ERR_INVALID_ARG_VALUE'],
    [{ address: '10.0.0.1', peer: '10.0.0.2/40' }, 'peer', 'ERR_OUT_OF_RANGE'],
    [{ address: '10.0.0.1/24', broadcast: 'fd00::1' }, 'broadcast', 'ERR_INVALID_ARG_VALUE'],
    [{ address: '10.0.0.1/24', broadcast: 'all' }, 'broadcast', 'ERR_INVALID_ARG_VALUE'],
    [{ address: '10.0.0.1/24', broadcast: true }, 'broadcast', 'ERR_INVALID_ARG_TYPE'],
    [{ address: 'fd00::1/64', broadcast: 'auto' }, 'broadcast', 'ERR_INVALID_ARG_VALUE'],
    [{ address: 'fd00::1/64', broadcast: '10.0.0.1' }, 'broadcast', 'ERR_INVALID_ARG_VALUE'],
    [{ address: '10.0.0.1/24', label: 'eth1:1' }, 'label', 'ERR_INVALID_ARG_VALUE'],
    [{ address: '10.0.0.1/24', label: 'eth0:234567890123' }, 'label', 'ERR_OUT_OF_RANGE'],
    [{ address: '10.0.0.1/24', label: 5 }, 'label', 'ERR_INVALID_ARG_TYPE'],
    [{ address: 'fd00::1/64', label: 'eth0' }, 'label', 'ERR_INVALID_ARG_VALUE'],
    [{ address: '10.0.0.1/24', scope: 'far' }, 'scope', 'ERR_INVALID_ARG_VALUE'],
    [{ address: '10.0.0.1/24', scope: 256 }, 'scope', 'ERR_OUT_OF_RANGE'],
    [{ address: '10.0.0.1/24', flags: 'nodad' }, 'flags', 'ERR_INVALID_ARG_TYPE'],
    [{ address: '10.0.0.1/24', flags: ['nodad'] }, 'flags[0]', 'ERR_INVALID_ARG_VALUE'],
    [{ address: '10.0.0.1/24', flags: ['autojoin', 'home'] }, 'flags[1]', 'ERR_INVALID_ARG_VALUE'],
    [{ address: 'fd00::1/64', flags: ['permanent'] }, 'flags[0]', 'ERR_INVALID_ARG_VALUE'],
    [{ address: 'fd00::1/64', flags: ['nodda'] }, 'flags[0]', 'ERR_INVALID_ARG_VALUE'],
    [{ address: '10.0.0.1/24', validLifetime: 0 }, 'validLifetime', 'ERR_OUT_OF_RANGE'],
    [{ address: '10.0.0.1/24', validLifetime: 2 ** 32 }, 'validLifetime', 'ERR_OUT_OF_RANGE'],
    [{ address: '10.0.0.1/24', validLifetime: 1.5 }, 'validLifetime', 'ERR_OUT_OF_RANGE'],
    [{ address: '10.0.0.1/24', validLifetime: '60' }, 'validLifetime', 'ERR_INVALID_ARG_TYPE'],
    [
      { address: '10.0.0.1/24', validLifetime: 5, preferredLifetime: 6 },
      'preferredLifetime',
      'ERR_OUT_OF_RANGE'
    ],
    [
      { address: '10.0.0.1/24', validLifetime: 5, preferredLifetime: Infinity },
      'preferredLifetime',
      'ERR_OUT_OF_RANGE'
    ],
    [{ address: '10.0.0.1/24', preferredLifetime: -1 }, 'preferredLifetime', 'ERR_OUT_OF_RANGE'],
    [{ address: '10.0.0.1/24', priority: -1 }, 'priority', 'ERR_OUT_OF_RANGE'],
    [{ address: '10.0.0.1/24', protocol: 256 }, 'protocol', 'ERR_OUT_OF_RANGE'],
    [{ address: '10.0.0.1/24', anycast: '10.0.0.3' }, 'anycast', 'ERR_UNKNOWN_FIELD'],
    [{ address: '10.0.0.1/24', family: 'inet' }, 'family', 'ERR_UNKNOWN_FIELD'],
    [{ address: '10.0.0.1/24', metric: 5 }, 'metric', 'ERR_UNKNOWN_FIELD']
  ]

  it.each(refused)('refuses %j for %s', (spec, field, code) => {
    for (const verb of [add, replace]) {
      expect(() => encoded(verb(connection, 'eth0', spec as AddressSpec))).toThrow(
        expect.objectContaining({ code, field })
      )
    }
  })

  it.each([[''], ['a/b'], [0], [-1], [1.5], [null], [{}]])('refuses the link %j', (link) => {
    expect(() => add(connection, link as string, '10.0.0.1')).toThrow(
      expect.objectContaining({ field: 'link' })
    )
  })

  it.each<[unknown, string]>([
    [{ lnik: 'eth0' }, 'lnik'],
    [{ family: 'inet5' }, 'family'],
    [{ scope: 'far' }, 'scope'],
    [{ flags: ['nodda'] }, 'flags'],
    [{ link: '' }, 'link'],
    [null, ''],
    ['eth0', '']
  ])('refuses the filter %j', (filter, field) => {
    expect(() => addressDump(connection, filter as AddressFilter)).toThrow(expect.objectContaining({ field }))
  })
})
