import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { NetworkNamespace, NetworkStack } from '../../../src/index.js'
import {
  type Topology,
  type TopologyNamespace,
  readTopology,
  renderTree
} from '../../../src/topology/index.js'
import { descriptors, descriptorsAtRest } from '../../setup/descriptors.js'
import { testNamespace } from '../../setup/namespace.js'
import { kind, skipUnless } from '../../setup/requirements.js'

/** A namespace with a name, which goes with the test, and its stack. */
async function named(name: string): Promise<{ namespace: NetworkNamespace; stack: NetworkStack }> {
  const namespace = await NetworkNamespace.create(`${name}-${process.pid}`, { removeOnClose: true })
  onTestFinished(() => namespace.close())
  const stack = await NetworkStack.open({ namespace })
  onTestFinished(() => stack.close())
  await stack.links.set('lo', { up: true })
  return { namespace, stack }
}

/** A router with a bridge, two containers on its ports, and a macvlan of one on a link of the router. */
async function network() {
  const router = await named('topo-router')
  const one = await named('topo-one')
  const two = await named('topo-two')
  await router.stack.links.add({ kind: 'bridge', name: 'br0', up: true, bridge: { forwardDelay: 0 } })
  await router.stack.addresses.add('br0', '10.88.0.1/16')
  for (const [i, { namespace, stack }] of [one, two].entries()) {
    await router.stack.links.add({
      kind: 'veth',
      name: `port${i}`,
      master: 'br0',
      up: true,
      peer: { name: 'eth0', namespace, up: true, mtu: 1400, macAddress: `02:00:00:00:00:0${i}` }
    })
    await stack.addresses.add('eth0', `10.88.0.${i + 2}/16`)
    await stack.routes.add({ destination: 'default', gateway: '10.88.0.1' })
  }
  return { router, one, two, namespaces: [router.namespace, one.namespace, two.namespace] }
}

const find = (topology: Topology, { inode }: NetworkNamespace): TopologyNamespace =>
  topology.namespaces.find((namespace) => namespace.inode === inode)!

const linkOf = (namespace: TopologyNamespace, name: string) =>
  namespace.links.find((link) => link.name === name)!

describe('readTopology', () => {
  it('tells links, bridges, peers and routes of several namespaces', async () => {
    const { router, one, two, namespaces } = await network()
    const topology = await readTopology({ namespaces })
    expect(topology.namespaces.map(({ names }) => names)).toEqual(
      ['one', 'router', 'two'].map((name) => [`topo-${name}-${process.pid}`])
    )
    const host = find(topology, router.namespace)
    const guest = find(topology, one.namespace)
    const [bridge, port0, port1, eth0] = [
      linkOf(host, 'br0'),
      linkOf(host, 'port0'),
      linkOf(host, 'port1'),
      linkOf(guest, 'eth0')
    ]
    expect(bridge).toMatchObject({
      kind: 'bridge',
      up: true,
      addresses: expect.arrayContaining(['10.88.0.1/16']) as string[],
      ports: [port0.index, port1.index]
    })
    expect(port0).toMatchObject({
      kind: 'veth',
      master: bridge.index,
      peer: { namespace: one.namespace.inode, link: eth0.index }
    })
    expect(port1.peer?.namespace).toBe(two.namespace.inode)
    expect(eth0).toMatchObject({
      kind: 'veth',
      state: 'up',
      mtu: 1400,
      macAddress: '02:00:00:00:00:00',
      addresses: expect.arrayContaining(['10.88.0.2/16']) as string[],
      peer: { namespace: router.namespace.inode, link: port0.index }
    })
    expect(guest.defaultRoutes).toEqual([{ family: 'inet', gateway: '10.88.0.1', link: eth0.index }])
    expect(linkOf(guest, 'lo')).toMatchObject({ loopback: true, up: true })
  })

  it('gives the tree', async () => {
    const { namespaces } = await network()
    const tree = renderTree(await readTopology({ namespaces }))
    expect(tree.replaceAll(`-${process.pid}`, '')).toBe(
      [
        'topo-one',
        '└─ eth0      veth    up  10.88.0.2/16           ↔ port0 in topo-router',
        '                         default via 10.88.0.1',
        'topo-router',
        '└─ br0       bridge  up  10.88.0.1/16',
        '   ├─ port0  veth    up                         ↔ eth0 in topo-one',
        '   └─ port1  veth    up                         ↔ eth0 in topo-two',
        'topo-two',
        '└─ eth0      veth    up  10.88.0.3/16           ↔ port1 in topo-router',
        '                         default via 10.88.0.1',
        ''
      ].join('\n')
    )
  })

  it('finds what macvlans sit on in another namespace', async (context) => {
    await skipUnless(context, kind('macvlan'))
    const { router, one, namespaces } = await network()
    await router.stack.links.add({
      kind: 'macvlan',
      name: 'mac0',
      link: 'br0',
      namespace: one.namespace,
      macvlan: { mode: 'vepa' }
    })
    const topology = await readTopology({ namespaces })
    expect(linkOf(find(topology, one.namespace), 'mac0')).toMatchObject({
      kind: 'macvlan',
      mode: 'vepa',
      parent: {
        namespace: router.namespace.inode,
        link: linkOf(find(topology, router.namespace), 'br0').index
      }
    })
  })

  it('finds named namespaces, and through links those that only a descriptor holds', async () => {
    const { router, one } = await network()
    await using anonymous = await testNamespace()
    await using further = await testNamespace()
    await using lonely = await testNamespace()
    const held = await NetworkNamespace.open({ path: anonymous.path })
    onTestFinished(() => held.close())
    const last = await NetworkNamespace.open({ path: further.path })
    onTestFinished(() => last.close())
    await using stack = await NetworkStack.open({ namespace: held })
    await one.stack.links.add({ kind: 'veth', name: 'hidden', peer: { name: 'seen', namespace: held } })
    await stack.links.add({ kind: 'veth', name: 'on', peer: { name: 'end', namespace: last } })

    const topology = await readTopology()
    expect(topology.namespaces[0]?.current).toBe(true)
    expect(find(topology, router.namespace).names).toEqual([router.namespace.name])
    const guest = find(topology, one.namespace)
    const other = find(topology, held)
    expect(linkOf(guest, 'hidden').peer).toMatchObject({
      namespace: held.inode,
      link: linkOf(other, 'seen').index
    })
    expect(linkOf(other, 'on').peer).toMatchObject({ namespace: last.inode })
    expect(linkOf(find(topology, last), 'end').peer).toMatchObject({ namespace: held.inode })
    expect(topology.namespaces.some(({ inode }) => inode === lonely.native.inode)).toBe(false)
  })

  it('finds the namespaces of processes', async () => {
    const namespace = await NetworkNamespace.create()
    onTestFinished(() => namespace.close())
    const child = await namespace.spawn('sleep', ['1000'], { mounts: false })
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await child.exited
    })
    const found = find(await readTopology(), namespace)
    expect(found).toMatchObject({ process: { pid: child.pid, name: 'sleep' }, processes: 1, names: [] })
  })

  it('says where it can not follow a link', async () => {
    const { one, router } = await network()
    const topology = await readTopology({ namespaces: [one.namespace] })
    const { peer } = linkOf(find(topology, one.namespace), 'eth0')
    expect(peer).toEqual({
      namespace: undefined,
      namespaceId: await router.namespace.getId({ from: one.namespace }),
      link: (await router.stack.links.get('port0')).index
    })
  })

  it('leaves out what vanishes meanwhile', async () => {
    const { router } = await network()
    let going = true
    const churn = async (): Promise<void> => {
      while (going) {
        const name = `topo-churn-${process.pid}`
        const namespace = await NetworkNamespace.create(name, { removeOnClose: true })
        await router.stack.links.add({ kind: 'veth', name: 'churn', peer: { name: 'eth0', namespace } })
        await router.stack.links.delete('churn')
        await namespace.close()
        await sleep(1)
      }
    }
    const churning = churn()
    try {
      for (let i = 0; i < 10; i++) {
        const topology = await readTopology()
        expect(find(topology, router.namespace).links.length).toBeGreaterThanOrEqual(4)
      }
    } finally {
      going = false
      await churning
    }
  })

  it('leaves no descriptor open', async () => {
    const { namespaces } = await network()
    await readTopology()
    const open = await descriptorsAtRest()
    for (let i = 0; i < 5; i++) await readTopology()
    await readTopology({ namespaces })
    await expect(readTopology({ namespaces: [...namespaces, 'there-is-none'] })).rejects.toMatchObject({
      code: 'ENOENT'
    })
    await expect(readTopology({ signal: AbortSignal.abort() })).rejects.toThrow()
    expect(descriptors()).toBe(open)
  })

  it('refuses what it does not know', async () => {
    await expect(readTopology({ namespaces: 'con1' as never })).rejects.toMatchObject({ field: 'namespaces' })
    await expect(readTopology({ all: true } as never)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_FIELD' })
  })
})
