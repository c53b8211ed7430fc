import { describe, expect, it } from 'vitest'
import { NetworkNamespace } from '../../../../src/index.js'
import { needsProgram } from '../../../setup/requirements.js'
import { lab } from './lab.js'

describe('veth', () => {
  needsProgram('ip')

  it('has settings of its own at both ends', async () => {
    await using l = await lab()
    const first = { mtu: 1500, transmitQueueLength: 500, receiveQueues: 2, transmitQueues: 3 }
    const second = { mtu: 1400, transmitQueueLength: 1000, receiveQueues: 4, transmitQueues: 5 }
    const made = await l.host.links.add({ kind: 'veth', name: 'a', ...first, peer: { name: 'b', ...second } })
    const peer = await l.host.links.get('b')
    expect(made).toMatchObject({ kind: 'veth', link: peer.index, ...first })
    expect(peer).toMatchObject({ kind: 'veth', link: made.index, ...second })
    expect(await l.ip('b')).toMatchObject({ mtu: 1400, txqlen: 1000, num_rx_queues: 4, num_tx_queues: 5 })
  })

  it('has a peer with the defaults of the kernel', async () => {
    await using l = await lab()
    const made = await l.host.links.add({ kind: 'veth', name: 'a', transmitQueueLength: 0 })
    expect(made.transmitQueueLength).toBe(0)
    await l.ns.run('ip', 'link', 'add', 'p', 'type', 'veth', 'peer', 'name', 'q')
    const peer = await l.host.links.get(made.link!)
    const printed = await l.ip('q')
    expect(peer).toMatchObject({ mtu: printed['mtu'], transmitQueueLength: printed['txqlen'] })
  })

  it('has a peer in another namespace, with all that the kernel ignores at creation', async () => {
    await using l = await lab()
    await l.guest.links.add({ kind: 'bridge', name: 'br0', up: true })
    const made = await l.host.links.add({
      kind: 'veth',
      name: 'a',
      up: true,
      peer: {
        name: 'eth0',
        namespace: l.other,
        macAddress: '02:42:ac:11:00:02',
        up: true,
        alias: 'the guest end',
        alternativeNames: ['lan'],
        addressGenerationMode: 'none',
        group: 5,
        master: 'br0',
        bridgePort: { isolated: true }
      }
    })
    const peer = await l.guest.links.get('lan')
    expect(peer).toMatchObject({
      name: 'eth0',
      macAddress: '02:42:ac:11:00:02',
      up: true,
      alias: 'the guest end',
      addressGenerationMode: 'none',
      group: 5,
      link: made.index,
      bridgePort: { isolated: true }
    })
    expect(peer.linkNamespaceId).toBeTypeOf('number')
    expect(made).toMatchObject({ operationalState: 'up', link: peer.index, carrier: true })
    expect(made.linkNamespaceId).toBeTypeOf('number')
    await l.host.links.delete('a')
    await expect(l.guest.links.get('lan')).rejects.toMatchObject({ code: 'ENODEV' })
  })

  it('is made by a batch without being read back, and set by its name in the same one', async () => {
    await using l = await lab()
    const batch = l.host.batch()
    batch.links.add({ kind: 'veth', name: 'a', peer: { name: 'b' } }, { readBack: false })
    batch.links.set('a', { mtu: 1400 })
    expect(await batch.commit()).toEqual([
      { status: 'applied', value: undefined },
      { status: 'applied', value: undefined }
    ])
    expect(await l.host.links.get('a')).toMatchObject({ kind: 'veth', mtu: 1400 })
  })

  it('leaves nothing when the other end can not be completed', async () => {
    await using l = await lab()
    await expect(
      l.host.links.add({ kind: 'veth', name: 'a', peer: { name: 'b', namespace: l.other, master: 'nope' } })
    ).rejects.toMatchObject({ code: 'ENODEV' })
    expect(await l.host.links.list()).toHaveLength(1)
    expect(await l.guest.links.list()).toHaveLength(1)
  })

  it('goes to the namespaces of a process and of a descriptor', async () => {
    await using l = await lab()
    const { fd } = l.other.native
    await l.host.links.add({ kind: 'veth', name: 'a', peer: { name: 'b', namespace: { fd } } })
    expect((await l.guest.links.get('b')).kind).toBe('veth')
    const made = await l.host.links.add({
      kind: 'veth',
      name: 'c',
      peer: { name: 'd', namespace: { pid: process.pid }, alias: 'here' }
    })
    expect(made.linkNamespaceId).toBeTypeOf('number')
    await l.host.links.delete('c')
  })

  it('goes nowhere once the handle of its namespace is closed', async () => {
    await using l = await lab()
    const handle = await NetworkNamespace.open({ path: l.other.path })
    const peer = { name: 'b', namespace: handle }
    const batch = l.host.batch()
    batch.links.add({ kind: 'veth', name: 'a', peer })
    await handle.close()
    const [outcome] = await batch.commit()
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'ERR_CLOSED' } })
    await expect(l.host.links.add({ kind: 'veth', name: 'a', peer })).rejects.toMatchObject({
      code: 'ERR_CLOSED'
    })
    expect(await l.host.links.list()).toHaveLength(1)
  })
})
