import { describe, expect, expectTypeOf, it } from 'vitest'
import { connectionOperations, readConnection } from '../../../../src/netfilter/conntrack/index.js'
import type {
  ByDirection,
  Connection,
  ConnectionChange,
  ConnectionCounters,
  ConnectionKey,
  ConnectionSpec,
  Conntrack,
  TupleSpec
} from '../../../../src/netfilter/conntrack/index.js'
import { encoded, message } from './encoded.js'

const { create, update, delete: remove, get } = connectionOperations
const IPCTNL_MSG_CT_NEW = 0x100

const tcp = {
  source: '10.0.0.1',
  destination: '10.0.0.2',
  protocol: 'tcp',
  sourcePort: 4096,
  destinationPort: 80
} as const

/** The attribute of a direction: `type`, then the nests of `tcp`, turned round or not. */
const original =
  '34000180 14000180 08000100 0a000001 08000200 0a000002 1c000280 05000100 06000000 06000200 10000000 06000300 00500000'
const reply =
  '34000280 14000180 08000100 0a000002 08000200 0a000001 1c000280 05000100 06000000 06000200 00500000 06000300 10000000'

describe('a connection on the wire', () => {
  it('is answered the other way round by default', () => {
    const bytes = `02000000 ${original} ${reply} 08000700 00000258`
    expect(encoded(create({ original: tcp, timeout: 600 }))).toBe(bytes)
    expect(encoded(create({ original: { ...tcp, protocol: 6 }, reply: undefined, timeout: 600 }))).toBe(bytes)
  })

  it('turns the query of ICMP into its answer', () => {
    const query = {
      source: 'fd00::1',
      destination: 'fd00::2',
      protocol: 'icmpv6',
      icmp: { type: 128, id: 9 }
    } as const
    expect(encoded(create({ original: query, timeout: 1 }))).toBe(
      [
        '0a000000',
        '54000180 2c000180 14000300 fd000000 00000000 00000000 00000001',
        '14000400 fd000000 00000000 00000000 00000002',
        '24000280 05000100 3a000000 06000700 00090000 05000800 80000000 05000900 00000000',
        '54000280 2c000180 14000300 fd000000 00000000 00000000 00000002',
        '14000400 fd000000 00000000 00000000 00000001',
        '24000280 05000100 3a000000 06000700 00090000 05000800 81000000 05000900 00000000',
        '08000700 00000001'
      ].join(' ')
    )
  })

  it('has its translation as a range', () => {
    const spec = {
      original: tcp,
      timeout: 1,
      sourceNat: { address: '192.0.2.1', lastAddress: '192.0.2.9', port: 5 }
    }
    expect(encoded(create(spec))).toContain(
      '28000680 08000100 c0000201 08000200 c0000209 14000380 06000100 00050000 06000200 00050000'
    )
  })

  it('is named by one tuple, its zone and its id, and nothing else', () => {
    const bytes = `02000000 ${original} 08000c00 01020304 06001200 00050000`
    const key = {
      original: tcp,
      reply: tcp,
      id: 0x01020304,
      zone: 5,
      mark: 9,
      status: ['assured']
    } as ConnectionKey
    expect(encoded(remove(key))).toBe(bytes)
    expect(encoded(get(key))).toBe(bytes)
    const { source, destination, sourcePort, destinationPort } = tcp
    const answer: TupleSpec = {
      source: destination,
      destination: source,
      protocol: 'tcp',
      sourcePort: destinationPort,
      destinationPort: sourcePort
    }
    expect(encoded(remove({ reply: answer }))).toBe(`02000000 ${reply}`)
  })

  it('is changed in part, with the bit that every status has', () => {
    const change: ConnectionChange = {
      mark: 1,
      markMask: 0xff,
      labels: [0, 33],
      labelsMask: [0, 33, 127],
      helper: null,
      status: ['assured'],
      tcp: { state: 'established', windowScale: { original: 7 }, flags: { reply: ['be_liberal'] } }
    }
    expect(encoded(update({ original: tcp }, change))).toBe(
      [
        `02000000 ${original} 08000300 0000000c`,
        '20000480 1c000180 05000100 03000000 05000200 07000000 06000500 08ff0000',
        '0c000580 05000100 00000000 08000800 00000001 08001500 000000ff',
        '14001600 01000000 02000000 00000000 00000000 14001700 01000000 02000000 00000000 00000080'
      ].join(' ')
    )
  })
})

describe('reading a connection', () => {
  it('gathers what lies in nests', () => {
    const bytes = [
      `02000000 ${original} ${reply} 08000300 0000000e 08000700 00000258`,
      '30000480 2c000180 05000100 03000000 05000200 07000000 05000300 08000000 06000400 23000000 06000500 23000000',
      '1c000980 0c000100 00000000 00000005 0c000200 00000000 0000012c',
      '1c000a80 0c000100 00200000 00000001 0c000200 00000000 00000000',
      '08000800 00000007 08000c00 01020304 08000b00 00000002 06001200 00030000',
      '0c000580 08000100 66747000',
      '1c000f80 08000100 00000001 08000200 fffffffb 08000300 00000007',
      '10001480 0c000100 17e3a4e0 5c3f0000',
      '14001600 08000000 00000000 00000000 00000080',
      '0c001380 08000100 61626300',
      '08006300 00000001'
    ].join(' ')
    const { timestamps, ...connection } = readConnection(message(IPCTNL_MSG_CT_NEW, bytes))
    expect(connection).toEqual({
      family: 'inet',
      original: tcp,
      reply: {
        source: '10.0.0.2',
        destination: '10.0.0.1',
        protocol: 'tcp',
        sourcePort: 80,
        destinationPort: 4096
      },
      status: ['seen_reply', 'assured', 'confirmed'],
      timeout: 600,
      tcp: {
        state: 'established',
        windowScale: { original: 7, reply: 8 },
        flags: {
          original: ['window_scale', 'sack_perm', 'maxack_set'],
          reply: ['window_scale', 'sack_perm', 'maxack_set']
        }
      },
      counters: { original: { packets: 5, bytes: 300 }, reply: { packets: 2 ** 53 + 1, bytes: 0 } },
      mark: 7,
      id: 0x01020304,
      use: 2,
      zone: 3,
      helper: 'ftp',
      sequenceAdjustment: { original: { position: 1, offsetBefore: -5, offsetAfter: 7 } },
      labels: [3, 127],
      securityContext: 'abc',
      unknown: [{ type: 99, bytes: new Uint8Array([0, 0, 0, 1]) }]
    })
    expect(timestamps!.start).toBeCloseTo(Number(0x17e3a4e05c3f0000n) / 1e6, 3)
    const exact = readConnection(message(IPCTNL_MSG_CT_NEW, bytes), true) as unknown as {
      counters: { reply: { packets: bigint } }
    }
    expect(exact.counters.reply.packets).toBe(2n ** 53n + 1n)
  })

  it('keeps what it does not know of a tuple, and writes it again', () => {
    const longer = original.replace('34000180', '3c000180') + ' 08006200 0000002a'
    const read = readConnection(message(IPCTNL_MSG_CT_NEW, `02000000 ${longer} ${reply}`))
    expect(read.original).toEqual({ ...tcp, unknown: [{ type: 98, bytes: new Uint8Array([0, 0, 0, 42]) }] })
    expect(encoded(remove({ original: read.original }))).toBe(`02000000 ${longer}`)
  })

  it('has counters of the type that was asked for', () => {
    expectTypeOf<Connection['counters']>().toEqualTypeOf<ByDirection<ConnectionCounters> | undefined>()
    expectTypeOf<ReturnType<Conntrack['list']>>().resolves.toEqualTypeOf<Connection[]>()
    const listExactly = (conntrack: Conntrack) => conntrack.list({}, { bigint: true })
    expectTypeOf(listExactly).returns.resolves.toEqualTypeOf<Connection<bigint>[]>()
  })

  it('keeps a nest that holds nothing known', () => {
    const connection = readConnection(
      message(IPCTNL_MSG_CT_NEW, `02000000 ${original} ${reply} 0c000480 08000900 00000001`)
    )
    expect(connection.unknown).toMatchObject([{ type: 0x8004 }])
    expect(connection.tcp).toBeUndefined()
  })

  it('gives what can be written again, whatever the protocol', () => {
    const tuples: TupleSpec[] = [
      { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'dccp' },
      { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'sctp', sourcePort: 1, destinationPort: 2 },
      { source: '10.0.0.1', destination: '10.0.0.2', protocol: 99 },
      { source: 'fd00::1', destination: 'fd00::2', protocol: 'icmpv6', icmp: { type: 128, code: 0, id: 0 } },
      {
        source: '10.0.0.1',
        destination: '10.0.0.2',
        protocol: 'gre',
        sourcePort: 1,
        destinationPort: 2,
        zone: 5
      }
    ]
    for (const tuple of tuples) {
      const bytes = encoded(create({ original: tuple, timeout: 1 }))
      const read = readConnection(message(IPCTNL_MSG_CT_NEW, bytes))
      expect(read.original).toEqual(tuple)
      expect(encoded(create({ original: read.original, reply: read.reply, timeout: 1 }))).toBe(bytes)
    }
  })
})

describe('bad input', () => {
  const good: ConnectionSpec = { original: tcp, timeout: 600 }
  const with_ = (tuple: object) => ({ ...good, original: { ...tcp, ...tuple } })

  it.each<[unknown, string, string]>([
    [null, '', 'ERR_INVALID_ARG_TYPE'],
    [{ timeout: 5 }, 'original', 'ERR_MISSING_FIELD'],
    [{ original: tcp }, 'timeout', 'ERR_MISSING_FIELD'],
    [{ ...good, original: null }, 'original', 'ERR_INVALID_ARG_TYPE'],
    [{ ...good, timeout: -1 }, 'timeout', 'ERR_OUT_OF_RANGE'],
    [with_({ source: undefined }), 'original.source', 'ERR_MISSING_FIELD'],
    [with_({ source: 5 }), 'original.source', 'ERR_INVALID_ARG_TYPE'],
    [with_({ source: '10.0.0' }), 'original.source', 'ERR_INVALID_ARG_VALUE'],
    [with_({ destination: undefined }), 'original.destination', 'ERR_MISSING_FIELD'],
    [with_({ destination: 'fd00::1' }), 'original.destination', 'ERR_INVALID_ARG_VALUE'],
    [with_({ protocol: undefined }), 'original.protocol', 'ERR_MISSING_FIELD'],
    [with_({ protocol: 'smoke' }), 'original.protocol', 'ERR_INVALID_ARG_VALUE'],
    [with_({ sourcePort: undefined }), 'original.sourcePort', 'ERR_MISSING_FIELD'],
    [with_({ destinationPort: 65536 }), 'original.destinationPort', 'ERR_OUT_OF_RANGE'],
    [with_({ icmp: { type: 8, id: 1 } }), 'original.icmp', 'ERR_INVALID_ARG_VALUE'],
    [with_({ protocol: 'esp' }), 'original.sourcePort', 'ERR_INVALID_ARG_VALUE'],
    [with_({ sport: 5 }), 'original.sport', 'ERR_UNKNOWN_FIELD'],
    [with_({ zone: 70000 }), 'original.zone', 'ERR_OUT_OF_RANGE'],
    [
      { ...good, original: { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'icmp' } },
      'original.icmp',
      'ERR_MISSING_FIELD'
    ],
    [
      {
        ...good,
        original: {
          source: '10.0.0.1',
          destination: '10.0.0.2',
          protocol: 'icmp',
          icmp: { type: 256, id: 1 }
        }
      },
      'original.icmp.type',
      'ERR_OUT_OF_RANGE'
    ],
    [
      { ...good, reply: { ...tcp, source: 'fd00::1', destination: 'fd00::2' } },
      'reply.source',
      'ERR_INVALID_ARG_VALUE'
    ],
    [{ ...good, master: { ...tcp, sourcePort: undefined } }, 'master.sourcePort', 'ERR_MISSING_FIELD'],
    [{ ...good, mark: 2 ** 32 }, 'mark', 'ERR_OUT_OF_RANGE'],
    [{ ...good, zone: -1 }, 'zone', 'ERR_OUT_OF_RANGE'],
    [{ ...good, status: 'assured' }, 'status', 'ERR_INVALID_ARG_TYPE'],
    [{ ...good, status: ['sure'] }, 'status', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, labels: [128] }, 'labels[0]', 'ERR_OUT_OF_RANGE'],
    [{ ...good, labels: 5 }, 'labels', 'ERR_INVALID_ARG_TYPE'],
    [{ ...good, helper: 'a-name-that-is-too-long' }, 'helper', 'ERR_OUT_OF_RANGE'],
    [{ ...good, tcp: { state: 'listen' } }, 'tcp.state', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, tcp: { flags: { original: ['x'] } } }, 'tcp.flags.original', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, tcp: { windowScale: { origin: 5 } } }, 'tcp.windowScale', 'ERR_INVALID_ARG_TYPE'],
    [{ ...good, sctp: { state: 'established' } }, 'sctp.verificationTag', 'ERR_MISSING_FIELD'],
    [{ ...good, sourceNat: { address: '10.0.0.0/8' } }, 'sourceNat.address', 'ERR_INVALID_ARG_VALUE'],
    [
      { ...good, sourceNat: { address: '10.0.0.1', lastAddress: 'fd00::1' } },
      'sourceNat.lastAddress',
      'ERR_INVALID_ARG_VALUE'
    ],
    [{ ...good, sourceNat: { address: '10.0.0.1', lastPort: 5 } }, 'sourceNat.port', 'ERR_MISSING_FIELD'],
    [
      { ...good, sourceNat: { address: '10.0.0.1', port: 9, lastPort: 5 } },
      'sourceNat.lastPort',
      'ERR_OUT_OF_RANGE'
    ],
    [
      { ...good, destinationNat: { address: '10.0.0.1', ports: 5 } },
      'destinationNat.ports',
      'ERR_UNKNOWN_FIELD'
    ],
    [
      { ...good, sequenceAdjustment: { reply: { position: 1, offsetBefore: 2 ** 31 } } },
      'sequenceAdjustment.reply.offsetBefore',
      'ERR_OUT_OF_RANGE'
    ],
    [{ ...good, counters: {} }, 'counters', 'ERR_UNKNOWN_FIELD'],
    [{ ...good, id: 5 }, 'id', 'ERR_UNKNOWN_FIELD'],
    [{ ...good, markMask: 5 }, 'markMask', 'ERR_UNKNOWN_FIELD'],
    [{ ...good, marc: 5 }, 'marc', 'ERR_UNKNOWN_FIELD']
  ])('refuses to create %j for %s', (spec, field, code) => {
    expect(() => encoded(create(spec as ConnectionSpec))).toThrow(expect.objectContaining({ code, field }))
  })

  it.each<[unknown, string, string]>([
    [null, '', 'ERR_INVALID_ARG_TYPE'],
    [{ mark: 5, markMask: 4 }, 'mark', 'ERR_OUT_OF_RANGE'],
    [{ markMask: 4 }, 'mark', 'ERR_MISSING_FIELD'],
    [{ labelsMask: [4] }, 'labels', 'ERR_MISSING_FIELD'],
    [{ sourceNat: { address: '10.0.0.1' } }, 'sourceNat', 'ERR_UNKNOWN_FIELD'],
    [{ zone: 5 }, 'zone', 'ERR_UNKNOWN_FIELD'],
    [{ use: 5 }, 'use', 'ERR_UNKNOWN_FIELD']
  ])('refuses to change %j', (change, field, code) => {
    expect(() => encoded(update({ original: tcp }, change as ConnectionChange))).toThrow(
      expect.objectContaining({ code, field })
    )
  })

  it.each<[unknown, string, string]>([
    [undefined, '', 'ERR_INVALID_ARG_TYPE'],
    [{}, 'original', 'ERR_MISSING_FIELD'],
    [{ id: 5, zone: 3 }, 'original', 'ERR_MISSING_FIELD'],
    [{ original: { source: '10.0.0.1' } }, 'original.destination', 'ERR_MISSING_FIELD'],
    [{ original: {} }, 'original.source', 'ERR_MISSING_FIELD'],
    [{ reply: {} }, 'reply.source', 'ERR_MISSING_FIELD'],
    [{ original: tcp, id: -1 }, 'id', 'ERR_OUT_OF_RANGE']
  ])('refuses to delete %j: never without a whole tuple', (key, field, code) => {
    for (const verb of [remove, get])
      expect(() => encoded(verb(key as ConnectionKey))).toThrow(expect.objectContaining({ code, field }))
  })
})
