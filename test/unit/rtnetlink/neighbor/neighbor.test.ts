import { describe, expect, it } from 'vitest'
import { neighborDump, neighborOperations, readNeighbor } from '../../../../src/rtnetlink/neighbor/index.js'
import type { NeighborFilter, NeighborSpec } from '../../../../src/rtnetlink/neighbor/index.js'
import { neighborGet } from '../../../../src/rtnetlink/neighbor/operations.js'
import { connection, encoded, message } from '../encoded.js'

const { add, replace, change, delete: remove } = neighborOperations
const RTM_NEWNEIGH = 28

describe('a neighbour on the wire', () => {
  it('is permanent by default, as for iproute2', () => {
    const spec = { link: 'eth0', destination: '10.0.0.1', macAddress: '02:42:ac:11:00:02' }
    const bytes = '02000000 07000000 80000000 08000100 0a000001 0a000200 0242ac11 00020000'
    for (const verb of [add, replace, change]) expect(encoded(verb(connection, spec))).toBe(bytes)
    expect(encoded(add(connection, { ...spec, state: undefined, flags: undefined }))).toBe(bytes)
  })

  it('has flags in the header and in an attribute', () => {
    const spec: NeighborSpec = {
      link: 'eth0',
      destination: 'fd00::1',
      flags: ['managed', 'router'],
      protocol: 'static'
    }
    expect(encoded(add(connection, spec))).toBe(
      [
        '0a000000 07000000 00008000 08000f00 01000000',
        '14000100 fd000000 00000000 00000000 00000001',
        '05000c00 04000000'
      ].join(' ')
    )
  })

  it('is named by link, destination and whether it is a proxy entry', () => {
    const key = { link: 5, destination: '10.0.0.1', flags: ['proxy', 'router'], state: 'none' } as const
    const bytes = '02000000 05000000 00000800 08000100 0a000001'
    expect(encoded(remove(connection, key))).toBe(bytes)
    expect(encoded(neighborGet(connection, key))).toBe(bytes)
    expect(encoded(remove(connection, { ...key, link: 0 }))).toBe(bytes.replace('05000000', '00000000'))
  })

  it('is asked for by link, master, family and proxy', () => {
    expect(encoded(neighborDump(connection, { link: 'eth0', master: 9, family: 'inet', proxy: true }))).toBe(
      '02000000 00000000 00000800 08000800 07000000 08000900 09000000'
    )
    expect(encoded(neighborDump(connection, {}))).toBe('00000000 00000000 00000000')
  })
})

describe('reading a neighbour', () => {
  const header = '02000000 03000000 02009001'

  it('gathers its flags, and numbers those that have no name', () => {
    const bytes = `${header} 08000100 0a000001 08000f00 01000010`
    expect(readNeighbor(message(RTM_NEWNEIGH, bytes))).toEqual({
      family: 'inet',
      link: 3,
      destination: '10.0.0.1',
      state: 'reachable',
      flags: ['extern_learn', 'router', 'managed'],
      type: 'unicast'
    })
    expect(
      readNeighbor(message(RTM_NEWNEIGH, `${header} 08000100 0a000001 08000f00 00100000`))?.flags
    ).toEqual(['extern_learn', 'router', 0x100000])
  })

  it('reads times in seconds, and what it does not know', () => {
    const bytes = `${header} 08000100 0a000001 14000300 64000000 32000000 01000000 02000000 08006300 00000001`
    expect(readNeighbor(message(RTM_NEWNEIGH, bytes))).toMatchObject({
      cacheInfo: { confirmed: 1, used: 0.5, updated: 0.01, references: 2 },
      unknown: [{ type: 99, bytes: new Uint8Array([0, 0, 0, 1]) }]
    })
  })

  it('leaves out what is not about a neighbour', () => {
    expect(readNeighbor(message(RTM_NEWNEIGH, '07000000 03000000 80000200'))).toBeUndefined()
  })

  it.each<[NeighborFilter, boolean]>([
    [{}, true],
    [{ state: 'reachable' }, true],
    [{ state: 2 }, true],
    [{ state: ['stale', 'reachable'] }, true],
    [{ state: [] }, false],
    [{ state: 'stale' }, false],
    [{ destination: '10.0.0.1' }, true],
    [{ destination: '10.0.0.2' }, false]
  ])('filters by %j', (filter, matches) => {
    const found = neighborDump(connection, filter).read(message(RTM_NEWNEIGH, `${header} 08000100 0a000001`))
    expect(found !== undefined).toBe(matches)
  })

  it('compares addresses, not their spelling', () => {
    const bytes = '0a000000 03000000 02000001 14000100 fd000000 00000000 00000000 00000001'
    const found = neighborDump(connection, { destination: 'FD00:0::1' }).read(message(RTM_NEWNEIGH, bytes))
    expect(found?.destination).toBe('fd00::1')
  })
})

describe('bad input', () => {
  const good = { link: 'eth0', destination: '10.0.0.1', macAddress: '02:42:ac:11:00:02' }

  it.each<[unknown, string, string]>([
    [null, '', 'ERR_INVALID_ARG_TYPE'],
    ['10.0.0.1', '', 'ERR_INVALID_ARG_TYPE'],
    [{ destination: '10.0.0.1' }, 'link', 'ERR_INVALID_ARG_TYPE'],
    [{ ...good, link: 'a/b' }, 'link', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, link: 0 }, 'link', 'ERR_OUT_OF_RANGE'],
    [{ link: 'eth0' }, 'destination', 'ERR_MISSING_FIELD'],
    [{ ...good, destination: '10.0.0.1/24' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, destination: 5 }, 'destination', 'ERR_INVALID_ARG_TYPE'],
    [{ ...good, family: 'inet6' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, macAddress: '02:42' }, 'macAddress', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, macAddress: '02:42:ac:11:00:zz' }, 'macAddress', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, flags: ['proxy'] }, 'macAddress', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, flags: 'router' }, '', 'ERR_INVALID_ARG_TYPE'],
    [{ ...good, flags: ['ruoter'] }, 'flags', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, state: 'here' }, 'state', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, state: 70000 }, 'state', 'ERR_OUT_OF_RANGE'],
    [{ ...good, protocol: 'smoke' }, 'protocol', 'ERR_INVALID_ARG_VALUE'],
    [{ ...good, probes: 5 }, 'probes', 'ERR_UNKNOWN_FIELD'],
    [{ ...good, lladdr: '02:42:ac:11:00:02' }, 'lladdr', 'ERR_UNKNOWN_FIELD']
  ])('refuses %j for %s', (spec, field, code) => {
    for (const verb of [add, replace, change]) {
      expect(() => encoded(verb(connection, spec as NeighborSpec))).toThrow(
        expect.objectContaining({ code, field })
      )
    }
  })

  it.each<[unknown, string]>([
    [{ dev: 'eth0' }, 'dev'],
    [{ family: 'inet5' }, 'family'],
    [{ state: 'here' }, 'state'],
    [{ destination: '10.0.0.0/24' }, 'destination'],
    [{ proxy: 'yes' }, 'proxy'],
    [{ master: 0 }, 'master']
  ])('refuses the filter %j', (filter, field) => {
    expect(() => neighborDump(connection, filter as NeighborFilter)).toThrow(
      expect.objectContaining({ field })
    )
  })
})
