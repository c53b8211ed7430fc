import { describe, expect, it } from 'vitest'
import { NetworkStack } from '../../../../src/index.js'
import { needsProgram } from '../../../setup/requirements.js'
import { lab } from './lab.js'

describe('links', () => {
  needsProgram('ip')

  it('makes one with an index, and deletes it', async () => {
    await using l = await lab()
    const { host } = l
    const made = await host.links.add({ kind: 'ifb', name: 'foo', index: 1000 })
    expect(made).toMatchObject({ kind: 'ifb', name: 'foo', index: 1000, up: false, linkType: 'ether' })
    await host.links.delete(made)
    await expect(host.links.get('foo')).rejects.toMatchObject({ code: 'ENODEV' })
  })

  it('reads back what it is given, as ip prints it', async () => {
    await using l = await lab()
    const spec = {
      name: 'foo',
      mtu: 1400,
      transmitQueueLength: 500,
      macAddress: '00:12:34:56:78:ab',
      alias: 'barAlias',
      group: 42,
      arp: false,
      multicast: false,
      allMulticast: true,
      promiscuous: true,
      gsoMaxSize: 16384,
      gsoMaxSegments: 16,
      transmitQueues: 3,
      linkMode: 'dormant'
    } as const
    expect(await l.host.links.add({ kind: 'ifb', ...spec })).toMatchObject({ ...spec, kind: 'ifb' })
    expect(await l.ip('foo')).toMatchObject({
      ifname: 'foo',
      mtu: 1400,
      txqlen: 500,
      address: '00:12:34:56:78:ab',
      ifalias: 'barAlias',
      group: '42',
      gso_max_size: 16384,
      gso_max_segs: 16,
      num_tx_queues: 3,
      linkmode: 'DORMANT',
      flags: expect.arrayContaining(['NOARP', 'ALLMULTI', 'PROMISC']) as string[]
    })
    const found = await l.host.links.list({ alias: 'barAlias' })
    expect(found.map(({ name }) => name)).toEqual(['foo'])
    await l.host.links.set('foo', { arp: true, mtu: 1442, alias: null, group: null, promiscuous: false })
    const changed = await l.host.links.get('foo')
    expect(changed).toMatchObject({ arp: true, mtu: 1442, group: 'default', promiscuous: false })
    expect(changed.flags).not.toContain('noarp')
    expect(changed).not.toHaveProperty('alias')
  })

  it('reads what ip wrote', async () => {
    await using l = await lab()
    await l.ns.run('ip', 'link', 'add', 'foo', 'txqlen', '7', 'mtu', '1300', 'index', '77', 'type', 'ifb')
    await l.ns.run('ip', 'link', 'set', 'foo', 'up', 'alias', 'some words', 'group', '9')
    await l.ns.run('ip', 'link', 'property', 'add', 'dev', 'foo', 'altname', 'another')
    const link = await l.host.links.get('another')
    const printed = await l.ip('foo')
    expect(link).toMatchObject({
      name: 'foo',
      index: 77,
      mtu: 1300,
      transmitQueueLength: 7,
      alias: 'some words',
      group: 9,
      up: true,
      alternativeNames: ['another'],
      macAddress: printed['address'],
      broadcast: printed['broadcast'],
      minMtu: printed['min_mtu'],
      qdisc: printed['qdisc'],
      promiscuity: printed['promiscuity'],
      transmitQueues: printed['num_tx_queues'],
      receiveQueues: printed['num_rx_queues'],
      gsoMaxSize: printed['gso_max_size'],
      addressGenerationMode: printed['inet6_addr_gen_mode'],
      operationalState: String(printed['operstate']).toLowerCase()
    })
    const names = (await l.host.links.list()).map(({ name }) => name)
    expect(names).toEqual((await l.ns.ip('link')).map((entry) => entry['ifname']))
  })

  it('keeps a queue length of 0 apart from the default', async () => {
    await using l = await lab()
    const { host } = l
    expect(await host.links.add({ kind: 'bridge', name: 'a', transmitQueueLength: 0 })).toMatchObject({
      transmitQueueLength: 0
    })
    expect((await host.links.add({ kind: 'bridge', name: 'b' })).transmitQueueLength).toBeGreaterThan(0)
  })

  it('has alternative names: found by each, replaced as a set', async () => {
    await using l = await lab()
    const { host } = l
    const long = 'a-name-that-is-longer-than-fifteen-bytes'
    const made = await host.links.add({ kind: 'ifb', name: 'foo', alternativeNames: ['one', 'two', long] })
    expect(made.alternativeNames).toEqual(['one', 'two', long])
    for (const name of made.alternativeNames) expect((await host.links.get(name)).index).toBe(made.index)
    expect((await host.links.list({ name: 'two' })).map(({ index }) => index)).toEqual([made.index])
    await host.links.set(long, { up: true })
    await host.links.set('one', { alternativeNames: [long, 'three'] })
    expect(await host.links.get('foo')).toMatchObject({ up: true, alternativeNames: [long, 'three'] })
    await host.links.set('foo', { alternativeNames: ['three'] })
    await host.links.set('three', { alternativeNames: [] })
    expect((await host.links.get('foo')).alternativeNames).toEqual([])
    await expect(host.links.get('three')).rejects.toMatchObject({ code: 'ENODEV' })
  })

  it('is renamed, by itself or along with other changes', async () => {
    await using l = await lab()
    const { host } = l
    const { index } = await host.links.add({ kind: 'ifb', name: 'foo' })
    await host.links.set('foo', { name: 'bar', mtu: 1300 })
    expect(await host.links.get(index)).toMatchObject({ name: 'bar', mtu: 1300 })
    await host.links.set(index, { name: 'x%d' })
    expect((await host.links.get(index)).name).toBe('x0')
  })

  it('takes the name that the kernel completes, and the kind where there is none', async () => {
    await using l = await lab()
    const { host } = l
    expect((await host.links.add({ kind: 'ifb', name: 'x%d', up: true })).name).toBe('x0')
    expect(await host.links.add({ kind: 'ifb', name: 'x%d', alias: 'second' })).toMatchObject({
      name: 'x1',
      alias: 'second'
    })
    expect((await host.links.add({ kind: 'ifb' })).name).toBe('ifb0')
    expect(await host.links.add({ kind: 'veth', up: true })).toMatchObject({ kind: 'veth', up: true })
    const names = (await host.links.list()).map(({ name }) => name)
    expect(names.filter((name) => name.startsWith('nl-'))).toEqual([])
  })

  it('filters by kind, master, state, group and address, in any combination', async () => {
    await using l = await lab()
    const { host } = l
    const bridge = await host.links.add({ kind: 'bridge', name: 'br0', up: true })
    await host.links.add({ kind: 'ifb', name: 'a', master: 'br0', group: 7, macAddress: '02:00:00:00:00:0a' })
    await host.links.add({ kind: 'ifb', name: 'b', up: true })
    const names = async (filter: Parameters<typeof host.links.list>[0]) =>
      (await host.links.list(filter)).map(({ name }) => name)
    expect(await names({ kind: 'ifb' })).toEqual(['a', 'b'])
    expect(await names({ kindName: 'bridge' })).toEqual(['br0'])
    expect(await names({ kind: 'vxlan' })).toEqual([])
    expect(await names({ kindName: 'no such kind' })).toEqual([])
    expect(await names({ master: bridge })).toEqual(['a'])
    expect(await names({ master: null })).toEqual(['lo', 'br0', 'b'])
    expect(await names({ up: true, kind: 'ifb' })).toEqual(['b'])
    expect(await names({ group: 7 })).toEqual(['a'])
    // The bridge takes the address of its port.
    expect(await names({ macAddress: '02:0:0:0:0:A' })).toEqual(['br0', 'a'])
    await expect(host.links.list({ master: 'nope' })).rejects.toMatchObject({ code: 'ENODEV' })
    await expect(host.links.list({ nmae: 'a' } as never)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_FIELD' })
    const streamed: string[] = []
    for await (const link of host.links.iterate({ kind: 'ifb' })) streamed.push(link.name)
    expect(streamed).toEqual(['a', 'b'])
  })

  it('gives exact counters on request', async () => {
    await using l = await lab()
    const { host } = l
    await host.links.set('lo', { up: true })
    const [exact] = await host.links.list({ name: 'lo' }, { bigint: true })
    expect(typeof exact!.statistics!.receiveBytes).toBe('bigint')
    const link = await host.links.get('lo')
    expect(link.statistics!.receiveBytes).toBe(Number(exact!.statistics!.receiveBytes))
    expect((await host.links.get('lo', { bigint: true })).statistics!.transmitErrors).toBe(0n)
  })

  it('sets how link-local addresses are made', async () => {
    await using l = await lab()
    expect(
      await l.host.links.add({ kind: 'ifb', name: 'foo', addressGenerationMode: 'none', up: true })
    ).toMatchObject({ addressGenerationMode: 'none', up: true })
    expect(await l.ip('foo')).toMatchObject({ inet6_addr_gen_mode: 'none' })
    await l.host.links.set('foo', { addressGenerationMode: 'random' })
    expect((await l.host.links.get('foo')).addressGenerationMode).toBe('random')
  })

  it('goes to another namespace, and gets a master there', async () => {
    await using l = await lab()
    await l.guest.links.add({ kind: 'bridge', name: 'br0' })
    const link = await l.host.links.add({ kind: 'veth', name: 'a', peer: { name: 'b' } })
    await l.host.links.set(link, {
      namespace: l.other,
      name: 'moved',
      master: 'br0',
      bridgePort: { cost: 7 },
      up: true
    })
    await expect(l.host.links.get('a')).rejects.toMatchObject({ code: 'ENODEV' })
    expect(await l.guest.links.get('moved')).toMatchObject({
      master: (await l.guest.links.get('br0')).index,
      up: true,
      bridgePort: { cost: 7 }
    })
    const made = await l.host.links.add({
      kind: 'ifb',
      name: 'far',
      namespace: l.other,
      alias: 'x',
      up: true
    })
    expect(made).toMatchObject({ name: 'far', alias: 'x', up: true })
    expect((await l.guest.links.get('far')).index).toBe(made.index)
    // Its index would mean another link here.
    await expect(l.host.links.set(made, { up: false })).rejects.toMatchObject({ code: 'ERR_FOREIGN_LINK' })
  })

  it('is made and changed in batches, which are cut where an index is needed', async () => {
    await using l = await lab()
    const { host } = l
    const batch = host.batch()
    batch.links.add({ kind: 'bridge', name: 'br0', up: true })
    batch.links.add({ kind: 'veth', name: 'a', master: 'br0', peer: { name: 'b' }, alternativeNames: ['c'] })
    batch.links.set('c', { mtu: 1400 })
    batch.links.set('b', { up: true })
    batch.links.delete('nope')
    const outcomes = await batch.commit()
    expect(outcomes.map(({ status }) => status)).toEqual([
      'applied',
      'applied',
      'applied',
      'applied',
      'failed'
    ])
    expect(outcomes[1]).toMatchObject({ value: { name: 'a', kind: 'veth', alternativeNames: ['c'] } })
    expect(await host.links.get('a')).toMatchObject({
      mtu: 1400,
      master: (await host.links.get('br0')).index
    })
    const many = await host.links.addMany([
      { kind: 'ifb', name: 'i0' },
      { kind: 'ifb', name: 'a' }
    ])
    expect(many).toMatchObject({ applied: 1, failures: [{ index: 1, error: { code: 'EEXIST' } }] })
    const gone = await host.links.deleteMany(['i0', 'a', 'nope'])
    expect(gone).toMatchObject({ applied: 2, failures: [{ index: 2, input: 'nope' }] })
    expect((await host.links.list()).map(({ name }) => name)).toEqual(['lo', 'br0'])
  })

  it('names the link that is not there', async () => {
    await using l = await lab()
    const { host } = l
    for (const work of [
      () => host.links.get('nope'),
      () => host.links.set('nope', { up: true }),
      () => host.links.set('nope', { group: 3 }),
      () => host.links.set('nope', { alternativeNames: ['a'] }),
      () => host.links.delete('nope'),
      () => host.links.set('lo', { master: 'nope' }),
      () => host.links.add({ kind: 'ifb', name: 'a', master: 'nope' })
    ]) {
      await expect(work()).rejects.toMatchObject({
        code: 'ENODEV',
        message: expect.stringContaining('"nope"') as string
      })
    }
    await expect(host.links.get(4711)).rejects.toThrow('no link has the index 4711')
    expect(await host.links.list()).toHaveLength(1)
  })

  it('undoes what it made if something after it fails', async () => {
    await using l = await lab()
    const { host } = l
    await host.links.add({ kind: 'ifb', name: 'taken', alternativeNames: ['also-taken'] })
    await expect(
      host.links.add({ kind: 'ifb', name: 'a', alternativeNames: ['also-taken'] })
    ).rejects.toMatchObject({
      code: 'EEXIST'
    })
    await expect(host.links.add({ kind: 'ifb', name: 'a', bridgePort: { cost: 7 } })).rejects.toThrow()
    await expect(
      host.links.add({ kind: 'veth', name: 'a', peer: { name: 'b', master: 'nope' } })
    ).rejects.toMatchObject({ code: 'ENODEV' })
    await expect(host.links.add({ kind: 'veth', name: 'a', peer: { name: 'taken' } })).rejects.toMatchObject({
      code: 'EEXIST'
    })
    expect((await host.links.list()).map(({ name }) => name)).toEqual(['lo', 'taken'])
  })

  it('refuses a link of another stack, and anything once it is closed', async () => {
    await using l = await lab()
    const lo = await l.guest.links.get('lo')
    await expect(l.host.links.set(lo, { up: true })).rejects.toMatchObject({ code: 'ERR_FOREIGN_LINK' })
    const stack = await NetworkStack.open({ namespace: { path: l.ns.path } })
    await stack.close()
    await expect(stack.links.list()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    l.other.close()
    await expect(l.host.links.add({ kind: 'ifb', name: 'a', namespace: l.other })).rejects.toMatchObject({
      code: 'ERR_CLOSED'
    })
  })
})
