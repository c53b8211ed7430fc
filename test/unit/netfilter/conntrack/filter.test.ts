import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  connectionDump,
  connectionOperations,
  readConnection
} from '../../../../src/netfilter/conntrack/index.js'
import type { ConnectionFilter, ConnectionSpec } from '../../../../src/netfilter/conntrack/index.js'
import { checkFilter } from '../../../../src/netfilter/conntrack/filter.js'
import { encoded, message } from './encoded.js'

const IPCTNL_MSG_CT_NEW = 0x100

const tcp = {
  source: '10.0.0.1',
  destination: '10.0.0.2',
  protocol: 'tcp',
  sourcePort: 4096,
  destinationPort: 80
} as const

describe('a filter on the wire', () => {
  it('asks the kernel for what it compares', () => {
    const filter: ConnectionFilter = {
      protocol: 'tcp',
      original: { source: '10.0.0.1', destination: '10.0.0.0/8', sourcePort: 5 },
      mark: 1,
      zone: 3,
      status: ['assured']
    }
    expect(encoded(connectionDump(filter))).toBe(
      [
        '02000000 24000180 0c000180 08000100 0a000001 14000280 05000100 06000000 06000200 00050000',
        '08000300 00000004 08001a00 00000004 08000800 00000001 08001500 ffffffff 06001200 00030000',
        '0c001980 08000100 19000000'
      ].join(' ')
    )
  })

  it('leaves IPv6 addresses to us: kernels compare them the wrong way round', () => {
    expect(encoded(connectionDump({ original: { source: 'fd00::1' }, protocol: 'udp' }))).toBe(
      '0a000000 10000180 0c000280 05000100 11000000 0c001980 08000100 08000000'
    )
    expect(encoded(connectionDump({ reply: { destination: 'fd00::1' } }))).toBe('0a000000')
  })

  it('leaves out what takes a family, where there is none', () => {
    expect(encoded(connectionDump({ protocol: 'udp', original: { sourcePort: 5 } }))).toBe('00000000')
    expect(encoded(connectionDump({}))).toBe('00000000')
    expect(encoded(connectionDump({ zone: 0, statusMask: [], helper: 'ftp', labels: [1] }))).toBe('00000000')
  })
})

/** Connections of which each differs from the first in one thing. */
const specs: ConnectionSpec[] = [
  { original: tcp, timeout: 1 },
  { original: { ...tcp, source: '10.0.0.3' }, timeout: 1 },
  { original: { ...tcp, destination: '10.1.0.2' }, timeout: 1 },
  { original: { ...tcp, protocol: 'udp' }, timeout: 1 },
  { original: { ...tcp, sourcePort: 1 }, timeout: 1 },
  { original: { ...tcp, destinationPort: 1 }, timeout: 1 },
  { original: { ...tcp, source: 'fd00::1', destination: 'fd00::2' }, timeout: 1 },
  { original: tcp, timeout: 1, mark: 6 },
  { original: tcp, timeout: 1, zone: 6 },
  { original: { ...tcp, zone: 6 }, timeout: 1 },
  { original: tcp, timeout: 1, status: ['assured'] },
  { original: tcp, timeout: 1, tcp: { state: 'close' } },
  { original: tcp, timeout: 1, helper: 'ftp' },
  { original: tcp, timeout: 1, labels: [6, 7] },
  { original: tcp, reply: { ...tcp, source: '192.0.2.1' }, timeout: 1 }
]

describe('what a kernel gives', () => {
  // A kernel that ignores whatever it is asked gives everything.
  const everything = specs.map((spec) =>
    message(IPCTNL_MSG_CT_NEW, encoded(connectionOperations.create(spec)))
  )

  it.each<[ConnectionFilter, number[]]>([
    [{ original: { source: '10.0.0.3' } }, [1]],
    [{ original: { source: '10.0.0.2/31' } }, [1]],
    [{ original: { destination: '10.1.0.0/16' } }, [2]],
    [{ protocol: 'udp' }, [3]],
    [{ original: { protocol: 17 } }, [3]],
    [{ original: { sourcePort: 1 } }, [4]],
    [{ original: { destinationPort: 1 } }, [5]],
    [{ family: 'inet6' }, [6]],
    [{ original: { source: 'fd00::/16' } }, [6]],
    [{ mark: 6 }, [7]],
    [{ mark: 2, markMask: 2 }, [7]],
    [{ zone: 6 }, [8, 9]],
    [{ status: ['assured'] }, [10]],
    [{ tcp: { state: 'close' } }, [11]],
    [{ helper: 'ftp' }, [12]],
    [{ labels: [7] }, [13]],
    [{ reply: { source: '192.0.2.1' } }, [14]],
    [{ reply: { source: '192.0.2.1' }, mark: 6 }, []]
  ])('is compared again: %j', (filter, expected) => {
    const { read } = connectionDump(filter)
    const found = everything.flatMap((one, i) => (read(one) === undefined ? [] : [i]))
    expect(found).toEqual(expected)
  })

  it('lies in a prefix as its bits say', () => {
    const address = fc.tuple(...Array.from({ length: 4 }, () => fc.constantFrom(0, 1, 10, 127, 128, 255)))
    fc.assert(
      fc.property(address, address, fc.nat(32), (network, other, length) => {
        const bits = (bytes: number[]) => bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')
        const { matches } = checkFilter({ original: { source: `${network.join('.')}/${length}` } })
        const spec = { original: { ...tcp, source: other.join('.') }, timeout: 1 }
        const connection = readConnection(
          message(IPCTNL_MSG_CT_NEW, encoded(connectionOperations.create(spec)))
        )
        expect(matches(connection)).toBe(bits(network).slice(0, length) === bits(other).slice(0, length))
      })
    )
  })
})

describe('a filter that can not be right', () => {
  it.each<[unknown, string, string]>([
    [null, '', 'ERR_INVALID_ARG_TYPE'],
    [[], '', 'ERR_INVALID_ARG_TYPE'],
    [{ mrak: 5 }, 'mrak', 'ERR_UNKNOWN_FIELD'],
    [{ source: '10.0.0.1' }, 'source', 'ERR_UNKNOWN_FIELD'],
    [{ original: { src: '10.0.0.1' } }, 'original.src', 'ERR_UNKNOWN_FIELD'],
    [{ original: { zone: 5 } }, 'original.zone', 'ERR_UNKNOWN_FIELD'],
    [{ original: null }, 'original', 'ERR_INVALID_ARG_TYPE'],
    [{ original: { source: 'here' } }, 'original.source', 'ERR_INVALID_ARG_VALUE'],
    [{ original: { source: '10.0.0.1/33' } }, 'original.source', 'ERR_OUT_OF_RANGE'],
    [{ original: { source: 5 } }, 'original.source', 'ERR_INVALID_ARG_TYPE'],
    [
      { original: { source: '10.0.0.1', destination: 'fd00::1' } },
      'original.destination',
      'ERR_INVALID_ARG_VALUE'
    ],
    [{ original: { sourcePort: 65536 } }, 'original.sourcePort', 'ERR_OUT_OF_RANGE'],
    [{ original: { icmp: { type: 256 } } }, 'original.icmp.type', 'ERR_OUT_OF_RANGE'],
    [{ original: { icmp: { kind: 1 } } }, 'original.icmp.kind', 'ERR_UNKNOWN_FIELD'],
    [{ original: { icmp: 8 } }, 'original.icmp', 'ERR_INVALID_ARG_TYPE'],
    [{ reply: { protocol: 'smoke' } }, 'reply.protocol', 'ERR_INVALID_ARG_VALUE'],
    [{ protocol: 256 }, 'protocol', 'ERR_OUT_OF_RANGE'],
    [{ family: 'ipv4' }, 'family', 'ERR_INVALID_ARG_VALUE'],
    [{ family: 'inet6', original: { source: '10.0.0.1' } }, 'family', 'ERR_INVALID_ARG_VALUE'],
    [{ mark: -1 }, 'mark', 'ERR_OUT_OF_RANGE'],
    [{ mark: '5' }, 'mark', 'ERR_INVALID_ARG_TYPE'],
    [{ mark: 5, markMask: 1 }, 'mark', 'ERR_OUT_OF_RANGE'],
    [{ markMask: 1 }, 'mark', 'ERR_MISSING_FIELD'],
    [{ zone: 65536 }, 'zone', 'ERR_OUT_OF_RANGE'],
    [{ status: 'assured' }, 'status', 'ERR_INVALID_ARG_TYPE'],
    [{ status: ['sure'] }, 'status', 'ERR_INVALID_ARG_VALUE'],
    [{ status: ['assured'], statusMask: ['confirmed'] }, 'status', 'ERR_OUT_OF_RANGE'],
    [{ tcp: {} }, 'tcp.state', 'ERR_INVALID_ARG_TYPE'],
    [{ tcp: { state: 'listen' } }, 'tcp.state', 'ERR_INVALID_ARG_VALUE'],
    [{ tcp: { state: ['close', 99.5] } }, 'tcp.state', 'ERR_OUT_OF_RANGE'],
    [{ helper: 5 }, 'helper', 'ERR_INVALID_ARG_TYPE'],
    [{ labels: [128] }, 'labels[0]', 'ERR_OUT_OF_RANGE']
  ])('is refused: %j', (filter, field, code) => {
    expect(() => connectionDump(filter as ConnectionFilter)).toThrow(expect.objectContaining({ field, code }))
  })
})
