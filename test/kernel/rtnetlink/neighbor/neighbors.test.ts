import { describe, expect, it } from 'vitest'
import { needsProgram } from '../../../setup/requirements.js'
import { vethPair } from '../veth-pair.js'

const macAddress = '02:42:ac:11:00:02'
const addresses = ['ip addr add 10.0.0.1/24 dev v0', 'ip addr add fd00::1/64 dev v0 nodad']

describe('neighbours', () => {
  needsProgram('ip')

  it.each([
    ['10.0.0.9', 'permanent'],
    ['10.0.0.9', 'noarp'],
    ['10.0.0.9', 'stale'],
    ['fd00::9', 'permanent'],
    ['fd00::9', 'reachable']
  ] as const)('adds %s as %s, as ip prints it', async (destination, state) => {
    await using host = await vethPair(...addresses)
    const { neighbors } = host.stack
    await neighbors.add({ link: 'v0', destination, macAddress, state })
    const [printed] = await host.ns.ip('neigh', 'show', destination, 'nud', 'all')
    expect(printed).toMatchObject({
      dst: destination,
      dev: 'v0',
      lladdr: macAddress,
      state: [state.toUpperCase()]
    })
    expect(await neighbors.get({ link: 'v0', destination })).toMatchObject({
      family: destination.includes(':') ? 'inet6' : 'inet',
      link: await host.indexOf('v0'),
      destination,
      macAddress,
      state,
      flags: []
    })
  })

  it('has its errors: there already, not there', async () => {
    await using host = await vethPair(...addresses)
    const { neighbors } = host.stack
    const spec = { link: 'v0', destination: '10.0.0.9', macAddress }
    await expect(neighbors.change(spec)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(neighbors.get(spec)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(neighbors.delete(spec)).rejects.toMatchObject({ code: 'ENOENT' })
    await neighbors.replace(spec)
    await expect(neighbors.add(spec)).rejects.toMatchObject({ code: 'EEXIST' })
    await neighbors.change({ ...spec, macAddress: '02:42:ac:11:00:03' })
    expect((await neighbors.get(spec)).macAddress).toBe('02:42:ac:11:00:03')
    await neighbors.delete(await neighbors.get(spec))
    expect(await neighbors.list({ destination: '10.0.0.9', state: 'permanent' })).toEqual([])
    await expect(neighbors.add({ ...spec, link: 'nope' })).rejects.toMatchObject({ code: 'ENODEV' })
  })

  it('adds five proxy entries, lists them apart, and deletes them', async () => {
    await using host = await vethPair()
    const { neighbors } = host.stack
    const wanted = [1, 2, 3, 4, 5].map((i) => `10.99.0.${i}`)
    for (const destination of wanted) await neighbors.add({ link: 'v0', destination, flags: ['proxy'] })
    const found = await neighbors.list({ proxy: true })
    expect(found.map(({ destination }) => destination).sort()).toEqual(wanted)
    for (const entry of found) expect(entry.flags).toEqual(['proxy'])
    expect((await host.ns.ip('neigh', 'show', 'proxy')).map(({ dst }) => dst).sort()).toEqual(wanted)
    expect((await neighbors.list({ family: 'inet' })).filter(({ flags }) => flags.includes('proxy'))).toEqual(
      []
    )
    await neighbors.delete(found[0]!)
    expect(await neighbors.flush({ proxy: true, link: 'v0' })).toBe(4)
    expect(await host.ns.ip('neigh', 'show', 'proxy')).toEqual([])
  })

  it('reads what ip writes', async () => {
    await using host = await vethPair(
      ...addresses,
      `ip neigh add fd00::9 dev v0 lladdr ${macAddress} router nud reachable`,
      `ip neigh add 10.0.0.9 dev v0 lladdr ${macAddress} extern_learn protocol bird`
    )
    const { neighbors } = host.stack
    expect(await neighbors.list({ destination: 'fd00::9' })).toMatchObject([
      { flags: ['router'], state: 'reachable' }
    ])
    const [learnt] = await neighbors.list({ destination: '10.0.0.9', link: 'v0' })
    expect(learnt).toMatchObject({ flags: ['extern_learn'], protocol: 'bird' })
    expect(learnt?.cacheInfo?.updated).toBeGreaterThanOrEqual(0)
    const [printed] = await host.ns.ip('-s', 'neigh', 'show', '10.0.0.9')
    expect(printed).toMatchObject({ lladdr: learnt?.macAddress, protocol: 'bird' })
  })

  it('lists by link, family, state and master, and one by one', async () => {
    await using host = await vethPair(
      ...addresses,
      'ip link add br0 type bridge',
      'ip link set v0 master br0'
    )
    const { neighbors } = host.stack
    await neighbors.addMany([
      { link: 'v0', destination: '10.0.0.8', macAddress },
      { link: 'v0', destination: '10.0.0.9', macAddress, state: 'stale' },
      { link: 'v1', destination: '10.0.0.9', macAddress },
      { link: 'v0', destination: 'fd00::9', macAddress }
    ])
    const of = async (filter: Parameters<typeof neighbors.list>[0]) =>
      (await neighbors.list({ state: ['permanent', 'stale'], ...filter }))
        .map(({ destination }) => destination)
        .sort()
    expect(await of({ link: 'v0' })).toEqual(['10.0.0.8', '10.0.0.9', 'fd00::9'])
    expect(await of({ master: 'br0', family: 'inet' })).toEqual(['10.0.0.8', '10.0.0.9'])
    expect(await of({ state: 'stale' })).toEqual(['10.0.0.9'])
    expect(await of({ family: 'inet6' })).toEqual(['fd00::9'])
    const streamed: string[] = []
    for await (const one of neighbors.iterate({ link: 'v1', state: 'permanent' }))
      streamed.push(one.destination)
    expect(streamed).toEqual(['10.0.0.9'])
  })

  it('flushes as ip does: what is permanent stays unless it is named', async () => {
    await using host = await vethPair(...addresses)
    const { neighbors } = host.stack
    await neighbors.add({ link: 'v0', destination: '10.0.0.8', macAddress })
    await neighbors.add({ link: 'v0', destination: '10.0.0.9', macAddress, state: 'stale' })
    expect(await neighbors.flush({ link: 'v0' })).toBe(1)
    expect(await neighbors.list({ link: 'v0', family: 'inet' })).toMatchObject([{ destination: '10.0.0.8' }])
    expect(await neighbors.flush({ link: 'v0', state: 'permanent' })).toBe(1)
    await expect(neighbors.flush({})).rejects.toMatchObject({ code: 'ERR_MISSING_FIELD' })
  })

  it('goes into a batch', async () => {
    await using host = await vethPair(...addresses)
    const batch = host.stack.batch()
    batch.neighbors.add({ link: 'v0', destination: '10.0.0.8', macAddress })
    batch.neighbors.delete({ link: 'v0', destination: '10.0.0.77' })
    batch.neighbors.replace({ link: 'v0', destination: 'fd00::8', macAddress })
    expect(await batch.commit()).toMatchObject([
      { status: 'applied' },
      { status: 'failed', error: { code: 'ENOENT', syscall: 'RTM_DELNEIGH' } },
      { status: 'applied' }
    ])
  })
})
