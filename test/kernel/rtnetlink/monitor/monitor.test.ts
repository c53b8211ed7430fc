import { describe, expect, it } from 'vitest'
import { NetworkStack } from '../../../../src/index.js'
import type { Monitor, MonitorEvent, MonitoredObject } from '../../../../src/index.js'
import { testNamespace } from '../../../setup/namespace.js'
import type { TestNamespace } from '../../../setup/namespace.js'
import { needsProgram } from '../../../setup/requirements.js'
import { follow } from './follow.js'

async function open(namespace: TestNamespace): Promise<NetworkStack> {
  return NetworkStack.open({ namespace: { path: namespace.path } })
}

/** A cable whose ends are both in this namespace, up. */
async function cable(stack: NetworkStack, name: string): Promise<void> {
  await stack.links.add({ kind: 'veth', name, up: true, peer: { name: `${name}p`, up: true } })
}

/** Reads events until one is as wanted. */
async function find<O extends MonitoredObject>(
  monitor: Monitor<O>,
  wanted: (event: MonitorEvent<O>) => boolean
): Promise<MonitorEvent<O>> {
  for await (const event of monitor) if (wanted(event)) return event
  throw new Error('the monitor ended')
}

describe('Monitor', () => {
  it('begins with what is there, when asked to', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    await using monitor = stack.monitor({ objects: ['link'], initial: true })
    const event = await find(monitor, () => true)
    expect(event).toMatchObject({
      object: 'link',
      change: 'new',
      initial: true,
      value: { name: 'lo', index: 1 }
    })
  })

  it('listens from the moment that it is made', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    await using monitor = stack.monitor({ objects: ['address'] })
    await stack.addresses.add('lo', '10.0.0.1/24')
    await stack.addresses.delete('lo', '10.0.0.1/24')
    const changes: string[] = []
    for await (const event of monitor) {
      if (event.value.address === '10.0.0.1/24') changes.push(event.change)
      if (changes.length === 2) break
    }
    expect(changes).toEqual(['new', 'delete'])
  })

  it('tells of every kind of object that it was asked for, and of no other', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    await cable(stack, 'v1')
    const monitor = stack.monitor({ objects: ['neighbor', 'rule', 'route', 'nexthop'] })
    await stack.addresses.add('v1', '10.1.0.1/24')
    await stack.neighbors.add({
      link: 'v1',
      destination: '10.1.0.9',
      macAddress: '02:00:00:00:00:09',
      state: 'permanent'
    })
    await stack.rules.add({ family: 'inet', priority: 500, table: 100 })
    await stack.nexthops.add({ id: 7, gateway: '10.1.0.2', link: 'v1' })
    await stack.routes.add({ destination: '10.9.0.0/16', nextHopId: 7 })
    const wanted = new Map<string, (value: object) => boolean>([
      ['neighbor', (value) => (value as { destination: string }).destination === '10.1.0.9'],
      ['rule', (value) => (value as { priority: number }).priority === 500],
      ['nexthop', (value) => (value as { id: number }).id === 7],
      ['route', (value) => (value as { destination: string }).destination === '10.9.0.0/16']
    ])
    for await (const event of monitor) {
      expect(['neighbor', 'rule', 'route', 'nexthop']).toContain(event.object)
      if (event.change === 'new' && wanted.get(event.object)?.(event.value) === true)
        wanted.delete(event.object)
      if (wanted.size === 0) break
    }
  })

  it('tells of routes and next hops that vanish with their link, for which the kernel sends nothing', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    await cable(stack, 'v1')
    await stack.addresses.add('v1', '10.1.0.1/24')
    await stack.routes.add({ destination: '10.9.0.0/16', gateway: '10.1.0.2' })
    await stack.nexthops.add({ id: 7, gateway: '10.1.0.2', link: 'v1' })
    const monitor = stack.monitor({ objects: ['route', 'nexthop'] })
    await stack.links.delete('v1')
    const gone = new Set(['10.9.0.0/16', '7'])
    for await (const event of monitor) {
      if (event.change !== 'delete') continue
      const name = event.object === 'route' ? event.value.destination : String(event.value.id)
      if (gone.delete(name)) expect(event.resync).toBe(true)
      if (gone.size === 0) break
    }
  })

  it('tells that a replaced route is gone', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    await cable(stack, 'v1')
    await cable(stack, 'v2')
    await stack.routes.add({ destination: '10.9.0.0/16', link: 'v1' })
    await using monitor = stack.monitor({ objects: ['route'], initial: true })
    const view = follow(monitor)
    await stack.routes.replace({ destination: '10.9.0.0/16', link: 'v2' })
    await view.agrees(stack)
    const routes = [...view.objects('route').values()].filter((route) => route.destination === '10.9.0.0/16')
    expect(routes).toHaveLength(1)
  })

  it('keeps a link that leaves a bridge', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    await stack.links.add({ kind: 'bridge', name: 'br0', up: true })
    await cable(stack, 'v1')
    await using monitor = stack.monitor({ objects: ['link'], initial: true })
    const view = follow(monitor)
    await stack.links.set('v1', { master: 'br0' })
    await stack.links.set('v1', { master: null })
    await view.agrees(stack)
    expect([...view.objects('link').values()].map((link) => link.name)).toContain('v1')
  })

  it('ends when it is closed, when its stack is closed, and when its signal is aborted', async () => {
    await using namespace = await testNamespace()
    const stack = await open(namespace)
    const closed = stack.monitor({ objects: ['link'] })
    const reading = find(closed, () => false)
    setTimeout(() => void closed.close(), 20)
    await expect(reading).rejects.toThrow('the monitor ended')

    const controller = new AbortController()
    const aborted = find(stack.monitor({ objects: ['link'], signal: controller.signal }), () => false)
    setTimeout(() => controller.abort(new Error('enough')), 20)
    await expect(aborted).rejects.toThrow('enough')

    const orphan = find(stack.monitor({ objects: ['link'] }), () => false)
    setTimeout(() => void stack.close(), 20)
    await expect(orphan).rejects.toThrow(/the monitor ended|closed/)
    expect(() => stack.monitor({ objects: ['nothing' as 'link'] })).toThrow(/objects must be one of "link"/)
  })
})

describe('Monitor whose queue overflows', () => {
  needsProgram('ip')
  const count = 'VM_RUN_GUEST' in process.env ? 100 : 1000

  it(
    `ends with the kernel's state while another process makes and deletes ${count} links`,
    { timeout: 600_000 },
    async () => {
      await using namespace = await testNamespace()
      await using stack = await open(namespace)
      // 4 KiB holds one or two events.
      const monitor = stack.monitor({ receiveBuffer: 4096, initial: true })
      const view = follow(monitor)
      const batch = (lines: string[]): Promise<string> =>
        namespace.run('sh', '-c', `printf '${lines.join('\\n')}\\n' | ip -batch -`)
      const half = count / 2
      const names = Array.from({ length: half }, (_, i) => `l${i}`)
      const making = batch(
        names.map((name) => `link add ${name} up group 77 type veth peer name p${name} group 77`)
      )
      // Dumps meanwhile: each is whole, or says that it could not be.
      let dumps = 0
      let busy = true
      void making.finally(() => (busy = false))
      while (busy) {
        const listed = await stack.links.list().catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'ERR_DUMP_INTERRUPTED' })
          return []
        })
        expect(new Set(listed.map((link) => link.index)).size).toBe(listed.length)
        dumps++
      }
      await making
      expect(dumps).toBeGreaterThan(0)
      await batch(['link delete group 77'])
      await batch([
        'link add last type veth peer name plast',
        'address add 10.3.0.1/24 dev last',
        'link set last up'
      ])
      await view.agrees(stack)
      expect(view.resyncs).toBeGreaterThan(0)
      expect([...view.objects('link').values()].map((link) => link.name).sort()).toEqual([
        'last',
        'lo',
        'plast'
      ])
      await monitor.close()
    }
  )
})
