/** Connections between namespaces: a client, a router with the rules, and two servers. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Server, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NetworkNamespace, NetworkStack, nft } from '../../../../src/index.js'
import type { NftFamily, RuleItem } from '../../../../src/index.js'
import { needs, needsProgram } from '../../../setup/requirements.js'
import { sctp, sctpProgram } from '../../../setup/sctp.js'
import { settled } from '../../../setup/settled.js'

const { accept, concat, counter, ct, dnat, drop, ip, ip6, map, masquerade, match, meta, redirect, set } = nft
const { tcp, th, udp, verdictMap } = nft

/** A host with one link to the router. */
interface Host {
  readonly namespace: NetworkNamespace
  readonly stack: NetworkStack
}

const nets = { client: 1, one: 2, two: 3 } as const
type Name = keyof typeof nets
const addressOf = (name: Name, family: 4 | 6, host = 2): string =>
  family === 4 ? `10.0.${nets[name]}.${host}` : `fd00:${nets[name]}::${host}`

let router: Host
let hosts: Record<Name, Host>
let open: (() => void)[]

async function makeHost(): Promise<Host> {
  const namespace = await NetworkNamespace.create()
  const stack = await NetworkStack.open({ namespace })
  // A router finds no neighbours until duplicate address detection is over.
  await namespace.sysctl.set('net.ipv6.conf.default.accept_dad', '0')
  await namespace.sysctl.set('net.ipv6.conf.all.accept_dad', '0')
  await stack.links.set('lo', { up: true })
  return { namespace, stack }
}

beforeEach(async () => {
  open = []
  router = await makeHost()
  await router.namespace.sysctl.set('net.ipv4.ip_forward', '1')
  await router.namespace.sysctl.set('net.ipv6.conf.all.forwarding', '1')
  const made: Partial<Record<Name, Host>> = {}
  for (const name of Object.keys(nets) as Name[]) {
    const host = await makeHost()
    const cable = await router.stack.links.add({
      ...{ kind: 'veth', name, up: true },
      peer: { name: 'eth0', namespace: host.namespace }
    })
    await host.stack.links.set('eth0', { up: true })
    const far = await host.stack.links.get('eth0')
    for (const [length, family] of [
      [24, 4],
      [64, 6]
    ] as const) {
      const flags = family === 6 ? { flags: ['nodad'] as const } : {}
      await router.stack.addresses.add(name, { address: `${addressOf(name, family, 1)}/${length}`, ...flags })
      await host.stack.addresses.add('eth0', { address: `${addressOf(name, family)}/${length}`, ...flags })
      await host.stack.routes.add({ destination: 'default', gateway: addressOf(name, family, 1) })
      // Whose first question is lost asks again only after a second, and the datagram that waits may be dropped.
      const neighbor = { destination: addressOf(name, family), macAddress: far.macAddress! }
      await router.stack.neighbors.replace({ link: name, ...neighbor })
      const gateway = { destination: addressOf(name, family, 1), macAddress: cable.macAddress! }
      await host.stack.neighbors.replace({ link: 'eth0', ...gateway })
    }
    made[name] = host
  }
  hosts = made as Record<Name, Host>
  await settled(...[router, ...Object.values(hosts)].map(({ stack }) => stack))
}, 30_000)

afterEach(async () => {
  for (const close of open) close()
  for (const host of [router, ...Object.values(hosts)]) {
    await host.stack.close()
    await host.namespace.close()
  }
})

/** A server of TCP and UDP that answers with its name and who asked. */
async function serve(host: Host, name: string, port: number, family: 4 | 6): Promise<void> {
  const inet = family === 4 ? ('inet' as const) : ('inet6' as const)
  const fd = await host.namespace.openSocket({ type: 'tcp', family: inet, port })
  const server = new Server((socket) => {
    socket.on('error', () => undefined)
    socket.end(`${name} ${socket.remoteAddress ?? ''}`)
  }).listen({ fd })
  await once(server, 'listening')
  open.push(() => void server.close())
  const datagrams = createSocket(family === 4 ? 'udp4' : 'udp6')
  // With a descriptor it listens at once.
  const listening = once(datagrams, 'listening')
  datagrams.bind({ fd: await host.namespace.openSocket({ type: 'udp', family: inet, port }) })
  await listening
  datagrams.on('message', (_, from) => datagrams.send(`${name} ${from.address}`, from.port, from.address))
  open.push(() => datagrams.close())
}

type Protocol = 'tcp' | 'udp'

/** Milliseconds for an answer that is to come, and for one that is not. */
const patience = 10_000
const moment = 700

/** What a server answers, or undefined if nobody does. */
async function ask(
  host: Host,
  protocol: Protocol,
  address: string,
  port: number,
  wait = patience
): Promise<string | undefined> {
  const family = address.includes(':') ? ('inet6' as const) : ('inet' as const)
  const fd = await host.namespace.openSocket({ type: protocol, family })
  return new Promise((resolve) => {
    if (protocol === 'tcp') {
      const socket = new Socket({ fd }).connect({ host: address, port })
      let said = ''
      const timer = setTimeout(() => socket.destroy(), wait)
      socket
        .on('data', (data) => (said += String(data)))
        .on('error', () => undefined)
        .on('close', () => {
          clearTimeout(timer)
          resolve(said === '' ? undefined : said)
        })
      return
    }
    const socket = createSocket(family === 'inet' ? 'udp4' : 'udp6')
    const end = (answer: string | undefined): void => {
      clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    const timer = setTimeout(() => end(undefined), wait)
    socket.on('message', (data) => end(String(data))).on('error', () => end(undefined))
    socket.bind({ fd }, () => socket.send('?', port, address))
  })
}

/** Puts rules into chains of a table of the router. */
async function rules(
  family: NftFamily,
  chains: Partial<Record<'prerouting' | 'postrouting' | 'forward' | 'output', RuleItem[][]>>,
  before?: Parameters<NetworkStack['nftables']['commit']>[0]
): Promise<void> {
  await router.stack.nftables.commit(async (tx) => {
    tx.tables.add({ family, name: 't' })
    await before?.(tx)
    for (const [hook, list] of Object.entries(chains)) {
      const nat = hook !== 'forward'
      const priority = hook === 'postrouting' ? 100 : nat ? -100 : 0
      const name = hook as keyof typeof chains
      tx.chains.add({ family, table: 't', name, type: nat ? 'nat' : 'filter', hook: name, priority })
      for (const expressions of list) tx.rules.add({ family, table: 't', chain: name, expressions })
    }
  })
}

const each = [
  ['tcp', 4],
  ['tcp', 6],
  ['udp', 4],
  ['udp', 6]
] as const
const plain = (answer: string | undefined): string | undefined => answer?.replace('::ffff:', '')

describe.each(each)('connections of %s over IPv%i', (protocol, family) => {
  needsProgram('ip')
  const l3 = family === 4 ? ip : ip6
  const network = family === 4 ? ('ip' as const) : ('ip6' as const)
  const ports = protocol === 'tcp' ? tcp : udp
  const askFrom = async (name: Name, address: string, port: number, wait?: number) =>
    plain(await ask(hosts[name], protocol, address, port, wait))

  it('are masqueraded', async () => {
    await serve(hosts.one, 'one', 80, family)
    expect(await askFrom('client', addressOf('one', family), 80)).toBe(`one ${addressOf('client', family)}`)
    await rules('inet', { postrouting: [[match(meta.oifname, 'one'), masquerade()]] })
    expect(await askFrom('client', addressOf('one', family), 80)).toBe(`one ${addressOf('one', family, 1)}`)
  })

  it('are published by a map, and changed while it is used', async () => {
    await serve(hosts.one, 'one', 8080, family)
    await serve(hosts.two, 'two', 9090, family)
    const address = family === 4 ? ('ipv4_addr' as const) : ('ipv6_addr' as const)
    const published = { family: network, table: 't', name: 'published' }
    await rules(network, { prerouting: [[dnat({ endpoint: map(ports.dport, '@published') })]] }, (tx) => {
      tx.sets.add({ ...published, key: 'inet_service', value: [address, 'inet_service'] })
      tx.elements.add(published, [
        { key: 80, value: [addressOf('one', family), 8080] },
        { key: 81, value: [addressOf('two', family), 9090] }
      ])
    })
    const own = addressOf('client', family, 1)
    const client = addressOf('client', family)
    expect(await askFrom('client', own, 80)).toBe(`one ${client}`)
    expect(await askFrom('client', own, 81)).toBe(`two ${client}`)
    expect(await askFrom('client', own, 82, moment)).toBeUndefined()
    const { nftables } = router.stack
    await nftables.elements.add(published, [{ key: 82, value: [addressOf('two', family), 9090] }])
    expect(await askFrom('client', own, 82)).toBe(`two ${client}`)
  })

  it('come back to a neighbour by the published address (hairpin)', async () => {
    await serve(hosts.one, 'one', 8080, family)
    const own = addressOf('one', family, 1)
    await rules('inet', {
      prerouting: [
        [match(l3.daddr, own), match(ports.dport, 80), dnat({ to: addressOf('one', family), port: 8080 })]
      ],
      postrouting: [[match(meta.iifname, 'one'), match(meta.oifname, 'one'), masquerade()]]
    })
    expect(await askFrom('one', own, 80)).toBe(`one ${own}`)
  })

  it('are redirected to the router', async () => {
    await serve(router, 'router', 3128, family)
    await rules('inet', { prerouting: [[match(ports.dport, 80), redirect({ port: 3128 })]] })
    expect(await askFrom('client', addressOf('one', family), 80)).toBe(
      `router ${addressOf('client', family)}`
    )
  })

  it('are dispatched by a map of verdicts', async () => {
    await serve(hosts.one, 'one', 80, family)
    await serve(hosts.one, 'one', 81, family)
    await serve(hosts.one, 'one', 82, family)
    await rules(
      'inet',
      {
        forward: [
          [match(ct.state, 'established'), accept()],
          [
            verdictMap(ports.dport, [
              [80, 'accept'],
              [81, 'drop'],
              [82, { jump: 'more' }]
            ])
          ]
        ]
      },
      (tx) => {
        const more = { family: 'inet', table: 't' } as const
        tx.objects.add({ ...more, kind: 'counter', name: 'seen' })
        tx.chains.add({ ...more, name: 'more' })
        tx.rules.add({ ...more, chain: 'more', expressions: [counter('seen'), drop()] })
      }
    )
    const to = addressOf('one', family)
    expect(await askFrom('client', to, 80)).toContain('one')
    expect(await askFrom('client', to, 81, moment)).toBeUndefined()
    expect(await askFrom('client', to, 82, moment)).toBeUndefined()
    const [seen] = await router.stack.nftables.objects.list({ family: 'inet', table: 't' })
    expect(seen?.kind === 'counter' && seen.counter.packets).toBeGreaterThan(0)
  })

  it('are let in for as long as an element lives', async () => {
    await serve(hosts.one, 'one', 80, family)
    const guests = { family: 'inet', table: 't', name: 'guests' } as const
    const key = family === 4 ? ('ipv4_addr' as const) : ('ipv6_addr' as const)
    const path = concat(l3.saddr, ports.dport)
    await rules(
      'inet',
      { forward: [[match(meta.iifname, 'client'), match(path, 'not in', set('guests')), drop()]] },
      (tx) => {
        tx.sets.add({ ...guests, key: [key, 'inet_service'], timeout: 3600 })
      }
    )
    const to = addressOf('one', family)
    expect(await askFrom('client', to, 80, moment)).toBeUndefined()
    const { elements } = router.stack.nftables
    await elements.add(guests, [{ key: [addressOf('client', family), 80], timeout: 1.5 }])
    expect(await askFrom('client', to, 80)).toContain('one')
    const [guest] = await elements.list(guests)
    expect(guest?.expires).toBeLessThanOrEqual(1.5)
    await expect.poll(() => elements.list(guests), { timeout: 5000 }).toEqual([])
    expect(await askFrom('client', to, 80, moment)).toBeUndefined()
  })

  it('are limited', async () => {
    await serve(hosts.one, 'one', 80, family)
    await rules('inet', {
      forward: [
        [
          match(th.dport, 80),
          match(ct.state, 'new'),
          nft.limit({ rate: 1, per: 'hour', burst: 2, over: true }),
          drop()
        ]
      ]
    })
    const to = addressOf('one', family)
    for (let i = 0; i < 2; i++) expect(await askFrom('client', to, 80)).toContain('one')
    for (let i = 0; i < 2; i++) expect(await askFrom('client', to, 80, moment)).toBeUndefined()
  })
})

describe.each([4, 6] as const)('associations of SCTP over IPv%i', (family) => {
  needs(sctp())
  const network = family === 4 ? ('ip' as const) : ('ip6' as const)

  async function serveSctp(host: Host, name: string, port: number): Promise<void> {
    const words = ['serve', String(family), String(port), name]
    const server = await host.namespace.spawn(await sctpProgram(), words)
    open.push(() => void server.kill('SIGKILL'))
    await once(server.stdout!, 'data')
  }

  async function askSctp(host: Host, address: string, port: number): Promise<string> {
    const client = await host.namespace.spawn(await sctpProgram(), ['ask', address, String(port)])
    let said = ''
    client.stdout!.setEncoding('utf8').on('data', (text: string) => (said += text))
    await once(client, 'close')
    return said
  }

  it('are masqueraded, and published by a map', async () => {
    const address = family === 4 ? ('ipv4_addr' as const) : ('ipv6_addr' as const)
    const published = { family: network, table: 't', name: 'published' }
    await serveSctp(hosts.one, 'one', 8080)
    await rules(
      network,
      {
        prerouting: [[dnat({ endpoint: map(nft.sctp.dport, '@published') })]],
        postrouting: [[match(meta.oifname, 'one'), masquerade()]]
      },
      (tx) => {
        tx.sets.add({ ...published, key: 'inet_service', value: [address, 'inet_service'] })
        tx.elements.add(published, [{ key: 80, value: [addressOf('one', family), 8080] }])
      }
    )
    const own = addressOf('one', family, 1)
    expect(await askSctp(hosts.client, addressOf('client', family, 1), 80)).toBe(`one ${own}`)
    expect(await askSctp(hosts.client, addressOf('one', family), 8080)).toBe(`one ${own}`)
  })
})
