import { describe, expect, it } from 'vitest'
import type { ConnectionFilter, ConnectionSpec, ExactFilter } from '../../../../src/index.js'
import { needsConntrack } from '../../../setup/requirements.js'
import { tracked } from './tracked.js'

const ends = { source: '10.0.0.1', destination: '10.0.1.1' }
const ends6 = { source: 'fd00::1', destination: 'fd00:1::1' }

/** Connections that differ in one thing each; the source port, or the id of ICMP, names them. */
const specs: ConnectionSpec[] = [
  {
    original: { ...ends, protocol: 'tcp', sourcePort: 1, destinationPort: 80 },
    timeout: 600,
    tcp: { state: 'established' }
  },
  {
    original: { ...ends, protocol: 'tcp', sourcePort: 2, destinationPort: 443 },
    timeout: 600,
    tcp: { state: 'close_wait' }
  },
  { original: { ...ends, protocol: 'udp', sourcePort: 3, destinationPort: 80 }, timeout: 600, mark: 0x15 },
  { original: { ...ends, protocol: 'sctp', sourcePort: 4, destinationPort: 80 }, timeout: 600 },
  {
    original: { ...ends, source: '10.0.0.2', protocol: 'tcp', sourcePort: 5, destinationPort: 80 },
    timeout: 600
  },
  { original: { ...ends6, protocol: 'tcp', sourcePort: 6, destinationPort: 80 }, timeout: 600 },
  {
    original: { ...ends6, source: 'fd00::2', protocol: 'tcp', sourcePort: 7, destinationPort: 80 },
    timeout: 600
  },
  { original: { ...ends, protocol: 'tcp', sourcePort: 8, destinationPort: 80 }, timeout: 600, zone: 3 },
  { original: { ...ends, protocol: 'tcp', sourcePort: 9, destinationPort: 80, zone: 4 }, timeout: 600 },
  {
    original: { ...ends, protocol: 'tcp', sourcePort: 10, destinationPort: 80 },
    timeout: 600,
    status: ['seen_reply', 'assured']
  },
  {
    original: { ...ends, protocol: 'tcp', sourcePort: 11, destinationPort: 80 },
    timeout: 600,
    sourceNat: { address: '192.0.2.1' }
  },
  { original: { ...ends, protocol: 'icmp', icmp: { type: 8, id: 12 } }, timeout: 600 },
  { original: { ...ends6, protocol: 'icmpv6', icmp: { type: 128, id: 13 } }, timeout: 600 },
  {
    original: { ...ends, protocol: 'tcp', sourcePort: 14, destinationPort: 80 },
    timeout: 600,
    labels: [9, 90]
  }
]

const all = specs.map((_, i) => i + 1)
const but = (...others: number[]) => all.filter((n) => !others.includes(n))

/** Filters, and the connections that they match. */
const filters: [ConnectionFilter, number[]][] = [
  [{ family: 'inet6' }, [6, 7, 13]],
  [{ family: 'inet' }, but(6, 7, 13)],
  [{ protocol: 'tcp' }, but(3, 4, 12, 13)],
  [{ protocol: 17 }, [3]],
  [{ protocol: 'tcp', family: 'inet6' }, [6, 7]],
  [{ protocol: 'icmp' }, [12]],
  [{ original: { source: '10.0.0.2' } }, [5]],
  [{ original: { source: '10.0.0.1' } }, but(5, 6, 7, 13)],
  [{ original: { source: '10.0.0.2/31' } }, [5]],
  [{ original: { source: '10.0.0.0/30' }, protocol: 'udp' }, [3]],
  [{ original: { source: '0.0.0.0/0' } }, but(6, 7, 13)],
  [{ original: { source: 'fd00::1' } }, [6, 13]],
  [{ original: { source: 'FD00:0::2' } }, [7]],
  [{ original: { destination: 'fd00:1::1' }, protocol: 'tcp' }, [6, 7]],
  [{ original: { destination: 'fd00:1::/48' } }, [6, 7, 13]],
  [{ original: { destinationPort: 443 } }, [2]],
  [{ original: { protocol: 'udp', destinationPort: 80 } }, [3]],
  [{ family: 'inet', protocol: 'tcp', original: { destinationPort: 443 } }, [2]],
  [{ family: 'inet', protocol: 'sctp', original: { sourcePort: 4 } }, [4]],
  [{ family: 'inet', protocol: 'sctp', original: { sourcePort: 5 } }, []],
  [{ family: 'inet6', protocol: 'tcp', original: { sourcePort: 7 } }, [7]],
  [{ original: { icmp: { id: 12 } } }, [12]],
  [{ original: { icmp: { type: 128 } } }, [13]],
  [{ reply: { destination: '192.0.2.1' } }, [11]],
  [{ reply: { source: '10.0.1.1', protocol: 'tcp', sourcePort: 443 } }, [2]],
  [{ mark: 0x15 }, [3]],
  [{ mark: 0x10, markMask: 0x10 }, [3]],
  [{ mark: 0, markMask: 0xffffffff }, but(3)],
  [{ zone: 3 }, [8]],
  [{ zone: 4 }, [9]],
  [{ zone: 0 }, but(8, 9)],
  [{ zone: 3, original: { source: '10.0.0.1' }, protocol: 'tcp' }, [8]],
  [{ zone: 5 }, []],
  [{ status: ['assured'] }, [10]],
  [{ status: ['src_nat'] }, [11]],
  [{ status: ['confirmed'], statusMask: ['confirmed', 'assured', 'src_nat'] }, but(10, 11)],
  [{ statusMask: ['confirmed'] }, []],
  // Nothing of these is known to any kernel.
  [{ tcp: { state: 'established' } }, [1]],
  [{ tcp: { state: ['established', 'close_wait'] } }, [1, 2]],
  [{ labels: [9] }, [14]],
  [{ labels: [9, 8] }, []],
  [{ helper: 'ftp' }, []]
]

describe('filters', () => {
  needsConntrack()

  it('list what matches, and nothing else', async () => {
    await using host = await tracked()
    await host.conntrack.createMany(specs)
    expect(await names(host)).toEqual(all)
    for (const [filter, expected] of filters)
      expect(await names(host, filter), JSON.stringify(filter)).toEqual(expected)
  })

  it('flush what matches, and spare all others', async () => {
    await using host = await tracked()
    for (const [filter, expected] of filters) {
      const what = JSON.stringify(filter)
      // Those that the last filter spared are there still.
      await host.conntrack.createMany(specs)
      expect(await host.conntrack.flush(filter), what).toBe(expected.length)
      expect(await names(host), what).toEqual(but(...expected))
    }
    expect(await host.flows()).toHaveLength(all.length)
  })

  it('have the kernel delete what matches, and spare all others', async ({ skip }) => {
    await using host = await tracked()
    const exact: [ExactFilter, number[]][] = [
      [{ protocol: 'tcp', original: { destinationPort: 443 } }, [2]],
      [{ protocol: 'udp', original: { source: '10.0.0.1' } }, [3]],
      [{ protocol: 'tcp', original: { source: '10.0.0.2', destination: '10.0.1.1' } }, [5]],
      [{ protocol: 'tcp', reply: { source: '10.0.1.1', sourcePort: 80, destination: '192.0.2.1' } }, [11]],
      [{ protocol: 'tcp', original: { destinationPort: 80 }, status: ['assured'] }, [10]],
      [{ protocol: 'tcp', original: { sourcePort: 1 }, reply: { sourcePort: 80 } }, [1]],
      [{ protocol: 'tcp', original: { sourcePort: 1 }, reply: { sourcePort: 81 } }, []]
    ]
    for (const [filter, expected] of exact) {
      const what = JSON.stringify(filter)
      await host.conntrack.createMany(specs)
      try {
        await host.conntrack.deleteMatching(filter)
      } catch (error) {
        expect(error).toMatchObject({ code: 'EINVAL' })
        expect(await names(host)).toEqual(all)
        skip('this kernel deletes connections one by one alone')
      }
      expect(await names(host), what).toEqual(but(...expected))
    }
    for (const filter of [
      { protocol: 'tcp' },
      { protocol: 'tcp', original: {} },
      { protocol: 'tcp', status: ['dst_nat'] },
      { protocol: 'sctp', original: { sourcePort: 1 } },
      { protocol: 'tcp', original: { source: '10.0.0.0/24' } },
      { protocol: 'tcp', original: { source: 'fd00::1' } },
      { protocol: 'tcp', original: { icmp: {} } },
      { protocol: 'tcp', original: { sourcePort: 1 }, mark: 1 },
      { original: { sourcePort: 1 } }
    ])
      await expect(host.conntrack.deleteMatching(filter as ExactFilter)).rejects.toThrow(TypeError)
  })

  it('flushes everything when that is said', async () => {
    await using host = await tracked()
    await host.conntrack.createMany(specs)
    expect(await host.conntrack.flush('all')).toBe(specs.length)
    expect(await host.flows()).toEqual([])
  })

  it('flushes nothing when it is wrong', async () => {
    await using host = await tracked()
    await host.conntrack.createMany(specs)
    for (const filter of [
      {},
      undefined,
      null,
      'everything',
      { mrak: 5 },
      { original: { src: '10.0.0.1' } },
      { mark: undefined },
      // These match everything.
      { original: {} },
      { original: { source: undefined }, reply: {} },
      { labels: [] },
      { status: [], statusMask: [] },
      { mark: 0, markMask: 0 }
    ])
      await expect(host.conntrack.flush(filter as ConnectionFilter)).rejects.toThrow(TypeError)
    await expect(host.conntrack.delete({})).rejects.toMatchObject({
      code: 'ERR_MISSING_FIELD',
      field: 'original'
    })
    await expect(host.conntrack.delete({ id: 5 })).rejects.toMatchObject({ code: 'ERR_MISSING_FIELD' })
    await expect(host.conntrack.expectations.delete({} as never)).rejects.toMatchObject({ field: 'tuple' })
    expect(await names(host)).toEqual(all)
  })
})

/** The numbers of the connections that match. */
async function names(
  host: Awaited<ReturnType<typeof tracked>>,
  filter: ConnectionFilter = {}
): Promise<number[]> {
  const found = await host.conntrack.list(filter)
  return found.map(({ original }) => original.sourcePort ?? original.icmp!.id).sort((a, b) => a - b)
}
