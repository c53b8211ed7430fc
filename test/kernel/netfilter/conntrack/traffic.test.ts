/** Real connections through a router that masquerades. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Server, Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { NetworkNamespace, NetworkStack } from '../../../../src/index.js'
import type { Connection, ConntrackEvent } from '../../../../src/index.js'
import { execute } from '../../../setup/namespace.js'
import { needs, needsConntrack, program } from '../../../setup/requirements.js'
import { settled } from '../../../setup/settled.js'
import { flowOf, flowsOf } from './tracked.js'

interface Network extends AsyncDisposable {
  readonly client: NetworkNamespace
  readonly router: NetworkNamespace
  readonly server: NetworkNamespace
  /** netloom in the router. */
  readonly stack: NetworkStack
}

/** client 10.1.0.2, fd01::2 — router, which masquerades — server 10.2.0.2, fd02::2. */
async function network(): Promise<Network> {
  const [client, router, server] = [
    await NetworkNamespace.create(),
    await NetworkNamespace.create(),
    await NetworkNamespace.create()
  ]
  const stack = await NetworkStack.open({ namespace: router })
  await router.sysctl.setMany({
    'net.ipv4.ip_forward': 1,
    'net.ipv6.conf.all.forwarding': 1,
    'net.netfilter.nf_conntrack_acct': 1,
    'net.netfilter.nf_conntrack_timestamp': 1,
    'net.netfilter.nf_conntrack_events': 1
  })
  for (const [n, namespace] of [
    [1, client],
    [2, server]
  ] as const) {
    await stack.links.add({
      kind: 'veth',
      name: `r${n}`,
      up: true,
      peer: { name: 'eth0', namespace, up: true }
    })
    await stack.addresses.add(`r${n}`, `10.${n}.0.1/24`)
    await stack.addresses.add(`r${n}`, { address: `fd0${n}::1/64`, flags: ['nodad'] })
    await using end = await NetworkStack.open({ namespace })
    await end.addresses.add('eth0', `10.${n}.0.2/24`)
    await end.addresses.add('eth0', { address: `fd0${n}::2/64`, flags: ['nodad'] })
    await end.routes.add({ destination: 'default', gateway: `10.${n}.0.1` })
    await end.routes.add({ destination: '::/0', gateway: `fd0${n}::1` })
    await settled(stack, end)
  }
  const rules = [
    'add table inet nat',
    'add chain inet nat post { type nat hook postrouting priority 100; }',
    'add rule inet nat post oifname r2 masquerade'
  ]
  await inside(router, 'nft', rules.join('\n'))
  return {
    client,
    router,
    server,
    stack,
    async [Symbol.asyncDispose]() {
      await stack.close()
      await Promise.all([client, router, server].map((namespace) => namespace.close()))
    }
  }
}

const inside = (namespace: NetworkNamespace, name: string, ...args: string[]) =>
  execute('nsenter', [`--net=${namespace.path}`, name, ...args])

const families = [
  { family: 'inet', client: '10.1.0.2', router: '10.2.0.1', server: '10.2.0.2', icmp: 'icmp' },
  { family: 'inet6', client: 'fd01::2', router: 'fd02::1', server: 'fd02::2', icmp: 'icmpv6' }
] as const

describe.each(families)('connections over $family', ({ family, client, router, server, icmp }) => {
  needsConntrack()
  needs(program('nsenter'), program('ping'))

  it('of TCP are seen from their first packet to their last', async () => {
    await using net = await network()
    await using monitor = net.stack.conntrack.monitor({ objects: ['connection'] })
    const listener = new Server((socket) => socket.resume().on('end', () => socket.end('bye')))
    listener.listen({ fd: await net.server.openSocket({ type: 'tcp', family, address: server, port: 8080 }) })
    const socket = new Socket({ fd: await net.client.openSocket({ type: 'tcp', family }) })
    socket.connect(8080, server)
    await once(socket, 'connect')
    socket.write('hello')
    const ports = { sourcePort: socket.localPort!, destinationPort: 8080 }
    const original = { source: client, destination: server, protocol: 'tcp', ...ports } as const
    await expect
      .poll(async () => (await net.stack.conntrack.get({ original })).counters?.original?.packets)
      .toBeGreaterThan(2)
    const connection = await net.stack.conntrack.get({ original })
    expect(connection).toMatchObject({
      family,
      original,
      reply: { source: server, destination: router, protocol: 'tcp', sourcePort: 8080 },
      tcp: { state: 'established' }
    })
    expect(connection.status).toEqual(
      expect.arrayContaining(['seen_reply', 'assured', 'confirmed', 'src_nat'])
    )
    expect(Date.now() - connection.timestamps!.start!).toBeLessThan(60_000)
    await agree(net)

    // Forgotten as soon as it is over, so that the end needs no waiting for timers.
    socket.end()
    await once(socket.resume(), 'close')
    await expect
      .poll(async () => (await net.stack.conntrack.get({ original })).tcp?.state)
      .toMatch(/time_wait|close/)
    await net.stack.conntrack.flush({ original: { source: client }, protocol: 'tcp' })
    const events = await until(monitor, ({ change }) => change === 'delete')
    expect(events.map(({ change }) => change).filter((change, i, list) => change !== list[i - 1])).toEqual([
      'new',
      'update',
      'delete'
    ])
    expect(events.map(({ value }) => (value as Connection).tcp?.state)).toEqual(
      expect.arrayContaining(['syn_recv', 'established'])
    )
    const last = events.at(-1)!.value as Connection
    expect(last).toMatchObject({ id: connection.id, reply: connection.reply })
    expect(last.counters!.original!.packets).toBeGreaterThan(3)
    expect(last.timestamps!.stop).toBeGreaterThan(last.timestamps!.start!)
    listener.close()
  })

  it('of UDP and ICMP are translated', async () => {
    await using net = await network()
    const receiver = createSocket(family === 'inet' ? 'udp4' : 'udp6')
    receiver.bind({ fd: await net.server.openSocket({ type: 'udp', family, address: server, port: 5000 }) })
    receiver.on('message', (message, { port, address }) => receiver.send(message, port, address))
    const sender = createSocket(family === 'inet' ? 'udp4' : 'udp6')
    sender.bind({ fd: await net.client.openSocket({ type: 'udp', family, address: client, port: 4000 }) })
    sender.send('hello', 5000, server)
    await once(sender, 'message')
    await inside(net.client, 'ping', '-c', '1', '-W', '5', server)

    const ends = { source: client, destination: server }
    const [udp] = await net.stack.conntrack.list({ protocol: 'udp', original: { source: client } })
    expect(udp).toMatchObject({
      family,
      original: { ...ends, protocol: 'udp', sourcePort: 4000, destinationPort: 5000 },
      reply: { source: server, destination: router, protocol: 'udp', sourcePort: 5000 },
      counters: { original: { packets: 1 }, reply: { packets: 1 } }
    })
    const type = family === 'inet' ? 8 : 128
    const [ping] = await net.stack.conntrack.list({
      protocol: icmp,
      original: { source: client, icmp: { type } }
    })
    expect(ping).toMatchObject({
      original: { ...ends, protocol: icmp, icmp: { type, code: 0 } },
      reply: { source: server, destination: router, icmp: { type: family === 'inet' ? 0 : 129 } }
    })
    await agree(net)
    sender.close()
    receiver.close()
  })
})

/** Both print the same of each connection. */
async function agree({ router, stack }: Network): Promise<void> {
  const still = ({ timeout: _, use: __, ...flow }: ReturnType<typeof flowOf>) => flow
  const order = (flows: ReturnType<typeof flowOf>[]) => flows.map(still).sort((a, b) => a.id - b.id)
  // A late packet may be counted between the two.
  await vi.waitFor(
    async () => {
      const printed = flowsOf(await inside(router, 'conntrack', '-L', '-o', 'xml,extended,id'))
      expect(order((await stack.conntrack.list()).map(flowOf))).toEqual(order(printed))
    },
    { timeout: 20_000 }
  )
}

async function until(
  monitor: AsyncIterable<ConntrackEvent>,
  isLast: (event: ConntrackEvent) => boolean
): Promise<ConntrackEvent[]> {
  const events: ConntrackEvent[] = []
  for await (const event of monitor) {
    const { original } = event.value as Connection
    if (original.protocol !== 'tcp') continue
    events.push(event)
    if (isLast(event)) break
  }
  return events
}
