import { describe, expect, it } from 'vitest'
import { fdbDump, fdbOperations, readFdbEntry } from '../../../../src/rtnetlink/bridge/index.js'
import type { FdbEntry, FdbFilter, FdbSpec } from '../../../../src/rtnetlink/bridge/index.js'
import { fdbGet } from '../../../../src/rtnetlink/bridge/fdb/operations.js'
import { connection, encoded, message } from '../encoded.js'

const { add, append, replace, delete: remove } = fdbOperations
const RTM_NEWNEIGH = 28
const macAddress = '00:11:22:33:44:55'

describe('an entry of a forwarding database on the wire', () => {
  it('is of the link’s own list and permanent by default, as for the bridge command', () => {
    const spec: FdbSpec = {
      link: 'vx0',
      macAddress,
      destination: '10.0.0.3',
      vni: 600,
      port: 5678,
      outputLink: 2
    }
    const bytes = [
      '07000000 07000000 c0000200 0a000200 00112233 44550000',
      '08000100 0a000003 06000600 162e0000 08000700 58020000 08000800 02000000'
    ].join(' ')
    for (const verb of [add, replace]) expect(encoded(verb(connection, spec))).toBe(bytes)
  })

  it.each([
    ['permanent', 'c000'],
    ['static', '4200'],
    ['dynamic', '0200'],
    ['reachable', '0200'],
    ['stale', '0400']
  ] as const)('is %s', (state, bytes) => {
    const spec = { link: 3, macAddress, flags: ['master', 'sticky'], state } as const
    expect(encoded(add(connection, spec)).slice(18, 26)).toBe(`${bytes}4400`)
  })

  it('is named by link, address, VLAN and whose list it is in', () => {
    const key = '0a000200 00112233 44550000'
    expect(encoded(remove(connection, { link: 3, macAddress, vlan: 5, flags: ['master'] }))).toBe(
      `07000000 03000000 00000400 ${key} 06000500 05000000`
    )
    expect(encoded(fdbGet(connection, { link: 3, macAddress }))).toBe(`07000000 03000000 00000200 ${key}`)
    const read: FdbEntry = { link: 3, macAddress, state: 'static', flags: [], master: 9 }
    expect(encoded(remove(connection, read))).toBe(`07000000 03000000 00000400 ${key}`)
    expect(encoded(remove(connection, { ...read, link: 9 }))).toBe(`07000000 09000000 00000200 ${key}`)
    expect(encoded(remove(connection, { ...read, flags: ['self', 'sticky'] }))).toContain('00000200')
  })

  it('is asked for by link and master', () => {
    expect(encoded(fdbDump(connection, { link: 3, master: 'br0' }))).toBe(
      '07000000 00000000 00000000 08000800 03000000 08000900 07000000'
    )
  })

  it('takes another destination only for traffic to many', () => {
    const to = (address: string) => () =>
      encoded(append(connection, { link: 3, macAddress: address, destination: '10.0.0.1' }))
    expect(to('00:00:00:00:00:00')()).toContain('08000100 0a000001')
    expect(to('01:00:5e:00:00:01')()).toContain('08000100 0a000001')
    expect(to(macAddress)).toThrow(expect.objectContaining({ field: 'macAddress' }))
  })
})

describe('reading an entry', () => {
  const address = '0a000200 00112233 44550000'

  it.each([
    ['8000', 'permanent'],
    ['c000', 'permanent'],
    ['4200', 'static'],
    ['0200', 'reachable'],
    ['0400', 'stale'],
    ['1000', 16]
  ])('has the state of %s, as the bridge command names it', (bytes, state) => {
    const entry = readFdbEntry(message(RTM_NEWNEIGH, `07000000 03000000 ${bytes}0200 ${address}`))
    expect(entry).toEqual({ link: 3, macAddress, state, flags: ['self'] })
  })

  it('reads what tells activity, and keeps what it does not know in every nest', () => {
    const bytes = `07000000 03000000 40000000 ${address}
      10000e80 05000100 01000000 04000200  08006300 01020304`
    expect(readFdbEntry(message(RTM_NEWNEIGH, bytes))).toMatchObject({
      activity: { notify: ['activity_notify'], noRefresh: true },
      unknown: [{ type: 99, bytes: new Uint8Array([1, 2, 3, 4]) }]
    })
  })

  it('leaves out neighbours', () => {
    expect(readFdbEntry(message(RTM_NEWNEIGH, '02000000 03000000 80000200'))).toBeUndefined()
  })

  it.each<[FdbFilter, boolean]>([
    [{}, true],
    [{ state: 'static' }, true],
    [{ state: 'permanent' }, false],
    [{ vlan: 5 }, true],
    [{ vlan: 6 }, false],
    [{ macAddress: '00-11-22-33-44-55' }, true],
    [{ macAddress: '00:11:22:33:44:56' }, false]
  ])('filters by %j', (filter, matches) => {
    const bytes = `07000000 03000000 40000000 ${address} 06000500 05000000`
    expect(fdbDump(connection, filter).read(message(RTM_NEWNEIGH, bytes)) !== undefined).toBe(matches)
  })
})

describe('bad input', () => {
  const good = { link: 'br0p1', macAddress }

  it.each<[unknown, string]>([
    [null, ''],
    ['br0', ''],
    [{ macAddress }, 'link'],
    [{ link: 'br0p1' }, 'macAddress'],
    [{ ...good, link: 0 }, 'link'],
    [{ ...good, outputLink: '' }, 'outputLink'],
    [{ ...good, macAddress: '02:42' }, 'macAddress'],
    [{ ...good, macAddress: 5 }, 'macAddress'],
    [{ ...good, vlan: 0 }, 'vlan'],
    [{ ...good, vlan: 4095 }, 'vlan'],
    [{ ...good, vni: 2 ** 24 }, 'vni'],
    [{ ...good, port: 65536 }, 'port'],
    [{ ...good, destination: '10.0.0.1/24' }, 'destination'],
    [{ ...good, state: 'temp' }, 'state'],
    [{ ...good, flags: 'master' }, ''],
    [{ ...good, flags: ['mister'] }, 'flags'],
    [{ ...good, nextHopId: 0 }, 'nextHopId'],
    [{ ...good, activity: { notify: ['loudly'] } }, 'activity.notify'],
    [{ ...good, master: 5 }, 'master'],
    [{ ...good, dst: '10.0.0.1' }, 'dst']
  ])('refuses %j', (spec, field) => {
    for (const verb of [add, replace]) {
      expect(() => encoded(verb(connection, spec as FdbSpec))).toThrow(expect.objectContaining({ field }))
    }
  })

  it.each<[unknown, string]>([
    [{ br: 'br0' }, 'br'],
    [{ vlan: 5000 }, 'vlan'],
    [{ state: 'temp' }, 'state'],
    [{ macAddress: 'x' }, 'macAddress'],
    [{ master: -1 }, 'master']
  ])('refuses the filter %j', (filter, field) => {
    expect(() => fdbDump(connection, filter as FdbFilter)).toThrow(expect.objectContaining({ field }))
  })
})
