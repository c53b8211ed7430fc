import { describe, expect, it } from 'vitest'
import type { FdbFilter } from '../../../../src/index.js'
import { needsKind, needsProgram } from '../../../setup/requirements.js'
import { vethPair } from '../veth-pair.js'

const macAddress = '00:11:22:33:44:55'

describe('the forwarding database of a bridge', () => {
  needsProgram('ip', 'bridge')
  needsKind('bridge')
  const bridged = ['ip link add br0 type bridge', 'ip link set v0 master br0', 'ip link set br0 up']

  it.each([
    ['permanent', 'permanent'],
    ['static', 'static'],
    ['dynamic', '']
  ] as const)('has an entry that is %s, as the bridge command prints it', async (state, printed) => {
    await using host = await vethPair(...bridged)
    const { fdb } = host.stack.bridge
    await fdb.add({ link: 'v0', macAddress, flags: ['master'], state })
    const entries = await host.ns.json('bridge', '-j', '-d', 'fdb', 'show', 'br', 'br0')
    expect(entries).toContainEqual(
      expect.objectContaining({ mac: macAddress, ifname: 'v0', master: 'br0', state: printed })
    )
    const found = await fdb.get({ link: 'v0', macAddress, flags: ['master'] })
    expect(found).toMatchObject({
      macAddress,
      link: await host.indexOf('v0'),
      master: await host.indexOf('br0'),
      state: state === 'dynamic' ? 'reachable' : state
    })
    await fdb.delete(found)
    expect(await fdb.list({ macAddress })).toEqual([])
  })

  it('has its errors: there already, not there', async () => {
    await using host = await vethPair(...bridged)
    const { fdb } = host.stack.bridge
    const spec = { link: 'v0', macAddress, flags: ['master'], state: 'static' } as const
    await expect(fdb.delete(spec)).rejects.toMatchObject({ code: 'ENOENT', syscall: 'RTM_DELNEIGH' })
    await expect(fdb.get(spec)).rejects.toMatchObject({ code: 'ENOENT' })
    await fdb.add(spec)
    await expect(fdb.add(spec)).rejects.toMatchObject({ code: 'EEXIST' })
    await fdb.replace({ ...spec, flags: ['master', 'sticky'] })
    expect((await fdb.get(spec)).flags).toEqual(['sticky'])
  })

  it('lists by bridge, port and state, reads what bridge writes, and flushes', async () => {
    await using host = await vethPair(
      ...bridged,
      `bridge fdb add ${macAddress} dev v0 master static`,
      'bridge fdb add 00:11:22:33:44:56 dev v0 master dynamic'
    )
    const { fdb } = host.stack.bridge
    // A kernel whose bridges know VLANs has each entry once more for each VLAN of the port.
    const of = async (filter: FdbFilter) => new Set((await fdb.list(filter)).map((entry) => entry.macAddress))
    expect(await of({ master: 'br0', state: 'static' })).toEqual(new Set([macAddress]))
    expect(await of({ link: 'v0', state: 'reachable' })).toEqual(new Set(['00:11:22:33:44:56']))
    const self = await fdb.list({ link: 'v0', state: 'permanent' })
    expect(self.some(({ flags }) => flags.includes('self'))).toBe(true)
    const streamed = new Set<string>()
    for await (const entry of fdb.iterate({ master: 'br0', state: 'static' })) streamed.add(entry.macAddress)
    expect(streamed).toEqual(new Set([macAddress]))
    expect(await fdb.flush({ master: 'br0' })).toBeGreaterThanOrEqual(2)
    expect((await fdb.list({ master: 'br0' })).every(({ state }) => state === 'permanent')).toBe(true)
  })

  it('goes into a batch', async () => {
    await using host = await vethPair(...bridged)
    const batch = host.stack.batch()
    batch.bridge.fdb.add({ link: 'v0', macAddress, flags: ['master'] })
    batch.bridge.fdb.add({ link: 'v0', macAddress, flags: ['master'] })
    batch.bridge.fdb.delete({ link: 'v0', macAddress, flags: ['master'] })
    expect(await batch.commit()).toMatchObject([
      { status: 'applied' },
      { status: 'failed', error: { code: 'EEXIST' } },
      { status: 'applied' }
    ])
  })
})

describe('the forwarding database of a VXLAN link', () => {
  needsProgram('ip', 'bridge')
  needsKind('vxlan')

  it('has another end with its own network id and port', async () => {
    await using host = await vethPair('ip link add vx0 type vxlan id 42 dstport 4789', 'ip link set vx0 up')
    const { fdb } = host.stack.bridge
    await fdb.add({ link: 'vx0', macAddress, destination: '10.0.0.3', vni: 600, port: 5678 })
    expect(await host.ns.json('bridge', '-j', '-d', 'fdb', 'show', 'dev', 'vx0')).toContainEqual(
      expect.objectContaining({ mac: macAddress, dst: '10.0.0.3', vni: 600, port: 5678 })
    )
    const [found] = await fdb.list({ link: 'vx0', macAddress })
    expect(found).toMatchObject({
      macAddress,
      destination: '10.0.0.3',
      vni: 600,
      port: 5678,
      state: 'permanent',
      flags: ['self']
    })
    await fdb.delete(found!)
    expect(await fdb.list({ link: 'vx0', macAddress })).toEqual([])
  })

  it('has several ends for what has no entry', async () => {
    await using host = await vethPair('ip link add vx0 type vxlan id 42 dstport 4789', 'ip link set vx0 up')
    const { fdb } = host.stack.bridge
    const all = { link: 'vx0', macAddress: '00:00:00:00:00:00' }
    await fdb.append({ ...all, destination: '10.0.0.3' })
    await fdb.append({ ...all, destination: '10.0.0.4', outputLink: 'v0' })
    const found = await fdb.list({ link: 'vx0', macAddress: all.macAddress })
    expect(found).toMatchObject([
      { destination: '10.0.0.3' },
      { destination: '10.0.0.4', outputLink: await host.indexOf('v0') }
    ])
  })
})
