import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Writer, compile } from '../../../../src/codec/index.js'
import { readRule, ruleDump, ruleOperations } from '../../../../src/rtnetlink/rule/index.js'
import type { Rule, RuleFilter, RuleSpec } from '../../../../src/rtnetlink/rule/index.js'
import { ruleMessage } from '../../../../src/rtnetlink/rule/schema.js'
import { connection, encoded, hex, message } from '../encoded.js'

const { add, delete: remove } = ruleOperations
const RTM_NEWRULE = 32

describe('a rule on the wire', () => {
  it('looks up the table main by default', () => {
    expect(encoded(add(connection, {}))).toBe('02000000 00000001 00000000 08000f00 fe000000')
    expect(encoded(add(connection, { family: 'inet6' }))).toBe('0a000000 00000001 00000000 08000f00 fe000000')
  })

  it('has selectors, and a source with its host bits', () => {
    const spec: RuleSpec = {
      invert: true,
      source: '172.16.0.1/16',
      destinationPort: 80,
      sourcePort: { start: 1000, end: 1024 },
      ipProtocol: 'udp',
      uidRange: 100
    }
    expect(encoded(add(connection, spec))).toBe(
      [
        '02001000 00000001 02000000',
        '08000200 ac100001',
        '05001600 11000000',
        '08001700 e8030004',
        '08001800 50005000',
        '0c001400 64000000 64000000',
        '08000f00 fe000000'
      ].join(' ')
    )
  })

  it('has actions, of which only the look-up has a table', () => {
    expect(encoded(add(connection, { goto: 100 }))).toBe('02000000 00000002 00000000 08000400 64000000')
    expect(encoded(add(connection, { action: 'nop' }))).toBe('02000000 00000003 00000000')
    expect(encoded(add(connection, { action: 'blackhole' }))).toBe('02000000 00000006 00000000')
    expect(encoded(add(connection, { action: 7 }))).toBe('02000000 00000007 00000000')
    expect(encoded(add(connection, { l3mdev: true }))).toBe('02000000 00000001 00000000 05001300 01000000')
    expect(encoded(add(connection, { table: 'local' }))).toBe('02000000 00000001 00000000 08000f00 ff000000')
  })

  it('says which bits count of a mark of 0', () => {
    expect(encoded(add(connection, { mark: 0, action: 'nop' }))).toBe(
      '02000000 00000003 00000000 08000a00 00000000 08001000 ffffffff'
    )
  })

  it('takes its family from its prefixes', () => {
    expect(encoded(add(connection, { destination: 'fd00::/8', action: 'nop' }))).toMatch(/^0a080000 /)
  })

  it('says nothing to delete but what was given', () => {
    expect(encoded(remove(connection, { family: 'inet6', priority: 5 }))).toBe(
      '0a000000 00000000 00000000 08000600 05000000'
    )
    expect(encoded(remove(connection, { goto: 5 }))).toBe('02000000 00000002 00000000 08000400 05000000')
  })

  it('deletes what was read', () => {
    const rule: Rule = { family: 'inet', priority: 5, action: 'nop', flags: ['iif_detached'], inputLink: 'x' }
    expect(encoded(remove(connection, rule))).toBe(
      '02000000 00000003 00000000 08000600 05000000 06000300 78000000'
    )
  })

  it('asks for no more than the family, which is all that strict checking allows', () => {
    expect(encoded(ruleDump({ family: 'inet', table: 5, source: '10.0.0.0/8' }))).toBe(
      '02000000 00000000 00000000'
    )
  })
})

describe('reading a rule', () => {
  it('leaves out what the kernel sends for nothing', () => {
    const bytes = [
      '02000000 05000001 00000000',
      '08000f00 05000000', // table
      '08000e00 ffffffff', // no suppressed prefix length
      '08000d00 ffffffff', // no suppressed group
      '05001500 00000000', // no protocol
      '08000a00 07000000 08001000 ffffffff' // a mark of which all bits count
    ].join('')
    expect(readRule(message(RTM_NEWRULE, bytes))).toEqual({
      family: 'inet',
      priority: 0,
      action: 'lookup',
      table: 5,
      mark: 7
    })
  })

  it('knows a mark of 0 by its mask', () => {
    const read = (mask: string) =>
      readRule(message(RTM_NEWRULE, `02000000 00000001 00000000 08001000 ${mask}`))
    expect(read('ff000000')).toMatchObject({ mark: 0, markMask: 255 })
    expect(read('ffffffff')).toMatchObject({ mark: 0 })
    expect(read('ffffffff')).not.toHaveProperty('markMask')
  })

  it('tells the kernel’s remarks from the inversion', () => {
    const read = (flags: string) => readRule(message(RTM_NEWRULE, `02000000 00000001 ${flags}`))
    expect(read('02000000')).toMatchObject({ invert: true })
    expect(read('02000000')).not.toHaveProperty('flags')
    expect(read('0d000000')).toMatchObject({ flags: ['permanent', 'unresolved', 'iif_detached'] })
    expect(read('0d000000')).not.toHaveProperty('invert')
  })

  it('leaves out the rules of multicast routing', () => {
    expect(readRule(message(RTM_NEWRULE, '80000000 00000001 00000000'))).toBeUndefined()
  })

  it('keeps what it does not know', () => {
    expect(readRule(message(RTM_NEWRULE, '02000000 00000001 00000000 08006300 01020304'))).toMatchObject({
      unknown: [{ type: 99, bytes: new Uint8Array([1, 2, 3, 4]) }]
    })
  })

  it.each<[RuleFilter, boolean]>([
    [{}, true],
    [{ table: 'main' }, true],
    [{ table: 254, priority: 9 }, true],
    [{ table: 'local' }, false],
    [{ protocol: 'kernel' }, true],
    [{ protocol: 2 }, true],
    [{ source: '10.0.0.0/8' }, true],
    [{ source: '10.0.0.0/9' }, false],
    [{ uidRange: { start: 5, end: 6 } }, true],
    [{ uidRange: 5 }, false],
    [{ invert: false }, true],
    [{ invert: true }, false],
    [{ l3mdev: false }, true],
    [{ action: 'lookup', inputLink: undefined }, true],
    [{ inputLink: 'eth0' }, false]
  ])('filters by %j', (filter, matches) => {
    const bytes = `02000800 fe000001 00000000 08000200 0a000000 08000f00 fe000000 08000600 09000000
      05001500 02000000 0c001400 05000000 06000000`
    expect(ruleDump(filter).read(message(RTM_NEWRULE, bytes)) !== undefined).toBe(matches)
  })

  it('gives back what was written, compiled or not', () => {
    const range = (max: number) =>
      fc
        .tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }))
        .map(([a, b]) => (a === b ? a : { start: Math.min(a, b), end: Math.max(a, b) }))
    const spec = fc.record(
      {
        invert: fc.constant(true),
        priority: fc.nat(),
        source: fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 32 })).map(([a, n]) => `${a}/${n}`),
        tos: fc.integer({ min: 1, max: 255 }),
        mark: fc.nat(),
        markMask: fc.integer({ min: 1, max: 0xfffffffe }),
        inputLink: fc.constantFrom('eth0', 'lo'),
        ipProtocol: fc.constantFrom('tcp' as const, 'udp' as const, 200),
        sourcePort: range(0xffff),
        destinationPort: range(0xffff),
        uidRange: range(0xffffffff),
        tunnelId: fc.maxSafeNat(),
        suppressPrefixLength: fc.integer({ min: 0, max: 32 }),
        table: fc.integer({ min: 1, max: 0xffffffff }),
        protocol: fc.constantFrom('static' as const, 'bird' as const, 250)
      },
      { requiredKeys: ['table'] }
    )
    const types = [compile(ruleMessage, { after: 0 }), compile(ruleMessage, { after: Infinity })]
    fc.assert(
      fc.property(spec, (given) => {
        const written = types.map((type) => {
          const writer = new Writer()
          type.write(writer, { family: 'inet', action: 'lookup', ...given })
          const bytes = writer.written()
          expect(type.read(bytes, 0, bytes.length)).toEqual({
            family: 'inet',
            action: 'lookup',
            ...given,
            ...(given.markMask === undefined ? {} : { mark: given.mark ?? 0 })
          })
          return hex(bytes)
        })
        expect(written[0]).toBe(written[1])
      })
    )
  })
})

describe('bad input', () => {
  it.each<[unknown, string, string]>([
    [null, '', 'ERR_INVALID_ARG_TYPE'],
    [[], '', 'ERR_INVALID_ARG_TYPE'],
    [{ source: '10.0.0.0/33' }, 'source', 'ERR_OUT_OF_RANGE'],
    [{ source: 5 }, 'source', 'ERR_INVALID_ARG_TYPE'],
    [{ source: '10.0.0.0/8', destination: 'fd00::/8' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
    [{ destination: '10.0.0.1/8' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
    [{ family: 'inet6', destination: '10.0.0.0/8' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
    [{ family: 'ipx' }, 'family', 'ERR_INVALID_ARG_VALUE'],
    [{ family: 'bridge' }, 'family', 'ERR_INVALID_ARG_VALUE'],
    [{ table: 0 }, 'table', 'ERR_OUT_OF_RANGE'],
    [{ table: 'no such table' }, 'table', 'ERR_INVALID_ARG_VALUE'],
    [{ table: 5, action: 'nop' }, 'table', 'ERR_INVALID_ARG_VALUE'],
    [{ table: 5, goto: 10 }, 'table', 'ERR_INVALID_ARG_VALUE'],
    [{ table: 5, l3mdev: true }, 'table', 'ERR_INVALID_ARG_VALUE'],
    [{ action: 'nop', l3mdev: true }, 'l3mdev', 'ERR_INVALID_ARG_VALUE'],
    [{ action: 'goto' }, 'goto', 'ERR_MISSING_FIELD'],
    [{ action: 'nop', goto: 10 }, 'goto', 'ERR_INVALID_ARG_VALUE'],
    [{ action: 'jump' }, 'action', 'ERR_INVALID_ARG_VALUE'],
    [{ priority: -1 }, 'priority', 'ERR_OUT_OF_RANGE'],
    [{ tos: 256 }, 'tos', 'ERR_OUT_OF_RANGE'],
    [{ tos: 4, dscp: 1 }, 'dscp', 'ERR_INVALID_ARG_VALUE'],
    [{ dscp: 64 }, 'dscp', 'ERR_OUT_OF_RANGE'],
    [{ flowLabel: 5 }, 'flowLabel', 'ERR_INVALID_ARG_VALUE'],
    [{ family: 'inet6', flowLabel: 0x100000 }, 'flowLabel', 'ERR_OUT_OF_RANGE'],
    [{ family: 'inet6', realms: { to: 5 } }, 'realms', 'ERR_INVALID_ARG_VALUE'],
    [{ realms: { to: 70000 } }, 'realms.to', 'ERR_OUT_OF_RANGE'],
    [{ mark: 2 ** 32 }, 'mark', 'ERR_OUT_OF_RANGE'],
    [{ inputLink: 'a name that is too long' }, 'inputLink', 'ERR_OUT_OF_RANGE'],
    [{ outputLink: '' }, 'outputLink', 'ERR_INVALID_ARG_VALUE'],
    [{ inputLink: 5 }, 'inputLink', 'ERR_INVALID_ARG_TYPE'],
    [{ ipProtocol: 'carrier pigeon' }, 'ipProtocol', 'ERR_INVALID_ARG_VALUE'],
    [{ sourcePort: 65536 }, 'sourcePort', 'ERR_OUT_OF_RANGE'],
    [{ sourcePort: '80' }, 'sourcePort', 'ERR_INVALID_ARG_TYPE'],
    [{ sourcePort: { start: 5 } }, 'sourcePort.end', 'ERR_INVALID_ARG_TYPE'],
    [{ destinationPort: { start: 9, end: 5 } }, 'destinationPort', 'ERR_OUT_OF_RANGE'],
    [{ uidRange: { start: -1, end: 5 } }, 'uidRange.start', 'ERR_OUT_OF_RANGE'],
    [{ tunnelId: -1 }, 'tunnelId', 'ERR_OUT_OF_RANGE'],
    [{ suppressPrefixLength: 129 }, 'suppressPrefixLength', 'ERR_OUT_OF_RANGE'],
    [{ invert: 'yes' }, 'invert', 'ERR_INVALID_ARG_TYPE'],
    [{ flags: [] }, 'flags', 'ERR_UNKNOWN_FIELD'],
    [{ pref: 5 }, 'pref', 'ERR_UNKNOWN_FIELD']
  ])('refuses to add %j for %s', (spec, field, code) => {
    expect(() => encoded(add(connection, spec as RuleSpec))).toThrow(expect.objectContaining({ code, field }))
  })

  it.each<[unknown, string]>([
    [{}, 'rule'],
    [{ family: 'inet6' }, 'rule'],
    [{ family: 'inet', priority: undefined }, 'rule'],
    [{ pref: 5 }, 'pref'],
    [{ flags: ['permanent'] }, 'rule'],
    [5, '']
  ])('refuses to delete %j', (key, field) => {
    expect(() => encoded(remove(connection, key as RuleSpec))).toThrow(expect.objectContaining({ field }))
  })

  it.each<[unknown, string]>([
    [{ pref: 5 }, 'pref'],
    [{ flags: [] }, 'flags'],
    [{ table: 'no such table' }, 'table'],
    [{ protocol: 'smoke' }, 'protocol'],
    [null, '']
  ])('refuses the filter %j', (filter, field) => {
    expect(() => ruleDump(filter as RuleFilter)).toThrow(expect.objectContaining({ field }))
  })
})
