/** Published ports, from everywhere and with real connections. */
import { constants } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { needsConntrack, needsKind, needsProgram, program, skipUnless } from '../../../setup/requirements.js'
import {
  Lab,
  hostAddress,
  loopbackAddress,
  outsideAddress,
  published,
  secondAddress,
  uplinkAddress,
  ways
} from './lab.js'
import type { Bridge, Container } from './lab.js'

describe.each(ways)('a published port of %s over %s', (protocol, family) => {
  needsKind('veth', 'bridge')
  needsProgram('nft', 'nsenter')
  let lab: Lab
  let network: Bridge
  let web: Container
  let neighbour: Container

  beforeEach(async () => {
    lab = await Lab.open()
    network = await lab.network(1)
    web = await lab.container(network, 2)
    neighbour = await lab.container(network, 3)
    await lab.serve(web, 'web', 80)
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  const port = (host?: string) => ({
    ...{ protocol, hostPort: 8080, containerPort: 80 },
    ...(host === undefined ? {} : { hostAddress: host })
  })

  it('is reached from outside, which keeps its address', async () => {
    expect(await lab.tries(lab.outside, protocol, hostAddress[family], 8080)).toBeUndefined()
    await lab.firewall.publish([published(web, family, port())])
    for (const address of [hostAddress[family], secondAddress[family], network.address[family]]) {
      expect(await lab.ask(lab.outside, protocol, address, 8080)).toBe(`web ${outsideAddress[family]}`)
    }
  })

  it('is reached from the host by each of its addresses', async () => {
    await lab.firewall.publish([published(web, family, port())])
    for (const address of [hostAddress[family], secondAddress[family]]) {
      expect(await lab.ask(lab.host, protocol, address, 8080)).toMatch(uplinkAddress)
    }
    const bridge = network.address[family]
    expect(await lab.ask(lab.host, protocol, bridge, 8080)).toBe(`web ${bridge}`)
    expect(await lab.ask(lab.host, protocol, loopbackAddress[family], 8080)).toBe(`web ${bridge}`)
    if (family === 'inet') expect(await lab.ask(lab.host, protocol, '127.1.2.3', 8080)).toBe(`web ${bridge}`)
  })

  it('is reached from the container itself, and from a neighbour, by an address of the host', async () => {
    await lab.firewall.publish([published(web, family, port())])
    for (const from of [web, neighbour]) {
      for (const address of [hostAddress[family], network.address[family]]) {
        expect(await lab.ask(from, protocol, address, 8080)).toBe(`web ${network.address[family]}`)
      }
    }
  })

  it('is reached from another network, which is isolated otherwise', async () => {
    const other = await lab.network(2)
    const stranger = await lab.container(other, 2)
    await lab.firewall.publish([published(web, family, port())])
    expect(await lab.tries(stranger, protocol, web.address[family], 80)).toBeUndefined()
    for (const address of [hostAddress[family], other.address[family], network.address[family]]) {
      expect(await lab.ask(stranger, protocol, address, 8080)).toBe(`web ${network.address[family]}`)
    }
  })

  it('of one host address is reached there and not elsewhere', async () => {
    await lab.firewall.publish([published(web, family, port(hostAddress[family]))])
    for (const from of [lab.outside, lab.host, web, neighbour]) {
      expect(await lab.ask(from, protocol, hostAddress[family], 8080)).toContain('web')
      expect(await lab.tries(from, protocol, secondAddress[family], 8080)).toBeUndefined()
    }
    expect(await lab.tries(lab.host, protocol, loopbackAddress[family], 8080)).toBeUndefined()
  })

  it('of a loopback address is reached there and not elsewhere', async () => {
    await lab.firewall.publish([published(web, family, port(loopbackAddress[family]))])
    expect(await lab.ask(lab.host, protocol, loopbackAddress[family], 8080)).toBe(
      `web ${network.address[family]}`
    )
    expect(await lab.tries(lab.host, protocol, hostAddress[family], 8080)).toBeUndefined()
    if (family === 'inet') expect(await lab.tries(lab.host, protocol, '127.0.0.2', 8080)).toBeUndefined()
    expect(await lab.tries(lab.outside, protocol, hostAddress[family], 8080)).toBeUndefined()
  })

  it('of a loopback address is out of reach for who sends packets for it from outside', async ({ skip }) => {
    if (family === 'inet6') skip('no process can send a packet for ::1 to a link')
    await lab.firewall.publish([published(web, family, port('127.0.0.1'))])
    const { outside, host } = lab
    const { macAddress } = await host.stack.links.get('uplink')
    await outside.namespace.sysctl.set('net.ipv4.conf.all.route_localnet', 1)
    await outside.stack.addresses.delete('lo', '127.0.0.1/8')
    await outside.stack.routes.add({ destination: '127.0.0.1/32', gateway: hostAddress.inet })
    await outside.stack.neighbors.replace({
      link: 'eth0',
      destination: hostAddress.inet,
      macAddress: macAddress!
    })
    // That these packets come is shown by a host that takes them.
    await lab.serve(host, 'host', 9090)
    await host.namespace.sysctl.set('net.ipv4.conf.all.route_localnet', 1)
    expect(await lab.ask(outside, protocol, '127.0.0.1', 9090, outsideAddress.inet)).toBe(
      `host ${outsideAddress.inet}`
    )
    expect(await lab.tries(outside, protocol, '127.0.0.1', 8080, outsideAddress.inet)).toBeUndefined()
  })

  it('leaves alone what else is at the port of a loopback address', async () => {
    await lab.firewall.publish([published(web, family, port(hostAddress[family]))])
    await lab.serve(lab.host, 'host', 8080, loopbackAddress[family])
    expect(await lab.ask(lab.host, protocol, loopbackAddress[family], 8080)).toBe(
      `host ${loopbackAddress[family]}`
    )
  })

  it('is refused to a client with another loopback address, rather than left without an answer', async ({
    skip
  }) => {
    if (family === 'inet6' || protocol === 'udp') skip('TCP over IPv4 alone')
    await lab.firewall.publish([published(web, family, port())])
    const from = await lab.client(lab.host, protocol, '127.0.0.1', 8080, '127.0.0.5')
    // As if nothing were published: nobody listens on the host itself.
    expect(await from.ask(20_000)).toBeUndefined()
    expect(from.ended).toBe(true)
  })

  it('leaves the port of other hosts alone', async () => {
    await lab.firewall.publish([published(web, family, port())])
    await lab.serve(lab.outside, 'outside', 8080)
    for (const from of [web, lab.host]) {
      expect(await lab.ask(from, protocol, outsideAddress[family], 8080)).toMatch(uplinkAddress)
    }
  })

  it('can be published twice, and withdrawn twice', async () => {
    const ports = [published(web, family, port())]
    await lab.firewall.publish(ports)
    await lab.firewall.publish(ports)
    expect(await lab.ask(lab.outside, protocol, hostAddress[family], 8080)).toContain('web')
    await lab.firewall.withdraw(ports)
    await lab.firewall.withdraw(ports)
    expect(await lab.tries(lab.outside, protocol, hostAddress[family], 8080)).toBeUndefined()
    expect(await lab.tries(lab.host, protocol, loopbackAddress[family], 8080)).toBeUndefined()
  })

  it('of somebody else is neither taken nor withdrawn', async () => {
    await lab.serve(neighbour, 'neighbour', 80)
    await lab.firewall.publish([published(web, family, port())])
    const others = [
      published(neighbour, family, { ...port(), hostPort: 8081 }),
      published(neighbour, family, port())
    ]
    await expect(lab.firewall.publish(others)).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE',
      message: expect.stringContaining(`${protocol} 8080`) as string
    })
    await lab.firewall.publish([others[0]!])
    await lab.firewall.withdraw(others)
    expect(await lab.ask(lab.outside, protocol, hostAddress[family], 8080)).toContain('web')
    expect(await lab.tries(lab.outside, protocol, hostAddress[family], 8081)).toBeUndefined()
  })
})

/** Connects and prints what comes of it: a link-local address needs the index of a link of that namespace. */
const connectLinkLocal = `
import socket, sys
host, port = sys.argv[1:]
client = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
client.settimeout(10)
print(client.connect_ex(socket.getaddrinfo(host, int(port), socket.AF_INET6)[0][4]), end='')
`

describe('published ports', () => {
  needsKind('veth', 'bridge')
  needsConntrack()

  it('are refused at link-local addresses, rather than left without an answer', async (context) => {
    await skipUnless(context, program('python3'))
    await using lab = await Lab.open()
    const web = await lab.container(await lab.network(1), 2)
    await lab.firewall.publish([
      published(web, 'inet6', { protocol: 'tcp', hostPort: 8080, containerPort: 80 })
    ])
    const addresses = await lab.host.stack.addresses.list({ link: 'uplink', family: 'inet6' })
    const local = addresses.find(({ scope }) => scope === 'link')!.address.replace(/\/.*/, '')
    const errno = await lab.run(lab.host, 'python3', '-c', connectLinkLocal, `${local}%uplink`, '8080')
    expect(Number(errno)).toBe(constants.errno.ECONNREFUSED)
  })

  it.each(ways.filter(([protocol]) => protocol === 'udp'))(
    'of %s over %s carry datagrams longer than the MTU from a loopback address',
    async (protocol, family) => {
      await using lab = await Lab.open()
      const network = await lab.network(1)
      const web = await lab.container(network, 2)
      await lab.serve(web, 'web', 80)
      const port = { protocol, hostPort: 8080, containerPort: 80 }
      await lab.firewall.publish([published(web, family, port)])
      const client = await lab.client(lab.host, protocol, loopbackAddress[family], 8080)
      expect(await client.ask(5000, 'x'.repeat(9000))).toBe(`web ${network.address[family]} 9000`)
    }
  )

  it.each(ways)('of %s over %s take over, and end, what is under way', async (protocol, family) => {
    await using lab = await Lab.open()
    const network = await lab.network(1)
    const web = await lab.container(network, 2)
    await lab.serve(web, 'web', 80)
    const [from, address] = [outsideAddress[family], hostAddress[family]]
    await lab.serve(lab.host, 'host', 8080, address)
    const ports = [published(web, family, { protocol, hostPort: 8080, containerPort: 80 })]
    if (protocol === 'udp') {
      const client = await lab.client(lab.outside, protocol, address, 8080)
      expect(await client.ask(5000)).toBe(`host ${from}`)
      await lab.firewall.publish(ports)
      expect(await client.ask(5000)).toBe(`web ${from}`)
      await lab.firewall.withdraw(ports)
      expect(await client.ask(5000)).toBe(`host ${from}`)
      return
    }
    await lab.firewall.publish(ports)
    const client = await lab.client(lab.outside, protocol, address, 8080)
    expect(await client.ask(5000)).toBe(`web ${from}`)
    await lab.firewall.withdraw(ports)
    await client.ask(5000)
    await expect.poll(() => client.ended, { timeout: 5000 }).toBe(true)
  })

  it('of a whole range end what is under way', async () => {
    await using lab = await Lab.open()
    const web = await lab.container(await lab.network(1), 2)
    await lab.serve(web, 'web', 80)
    await lab.serve(lab.host, 'host', 8080, hostAddress.inet)
    const ports = Array.from({ length: 20 }, (_, i) =>
      published(web, 'inet', { protocol: 'udp', hostPort: 8080 + i, containerPort: 80 + i })
    )
    await lab.firewall.publish(ports)
    const client = await lab.client(lab.outside, 'udp', hostAddress.inet, 8080)
    expect(await client.ask(5000)).toContain('web')
    await lab.firewall.withdraw(ports)
    expect(await client.ask(5000)).toContain('host')
    await lab.firewall.publish(ports)
    expect(await client.ask(5000)).toContain('web')
  })

  it('of one host address take over what is under way', async () => {
    await using lab = await Lab.open()
    const web = await lab.container(await lab.network(1), 2)
    await lab.serve(web, 'web', 80)
    await lab.serve(lab.host, 'host', 8080, hostAddress.inet)
    const client = await lab.client(lab.outside, 'udp', hostAddress.inet, 8080)
    expect(await client.ask(5000)).toContain('host')
    const port = {
      protocol: 'udp',
      hostAddress: hostAddress.inet,
      hostPort: 8080,
      containerPort: 80
    } as const
    await lab.firewall.publish([published(web, 'inet', port)])
    expect(await client.ask(5000)).toContain('web')
    await lab.firewall.withdraw([published(web, 'inet', port)])
    expect(await client.ask(5000)).toContain('host')
  })

  it('leave alone the connections of other ports when they go', async () => {
    await using lab = await Lab.open()
    const web = await lab.container(await lab.network(1), 2)
    await lab.serve(web, 'web', 80)
    const one = published(web, 'inet', { protocol: 'udp', hostPort: 8080, containerPort: 80 })
    const two = { ...one, hostPort: 8081 }
    await lab.firewall.publish([one, two])
    const client = await lab.client(lab.outside, 'udp', hostAddress.inet, 8081)
    expect(await client.ask(5000)).toContain('web')
    const tracked = async () => {
      const original = { destinationPort: 8081 }
      return (await lab.host.stack.conntrack.list({ protocol: 'udp', original })).map(({ id }) => id)
    }
    const before = await tracked()
    expect(before).toHaveLength(1)
    await lab.firewall.withdraw([one])
    await lab.firewall.publish([one])
    expect(await tracked()).toEqual(before)
  })

  it('leave alone what the host asks others at the same port', async () => {
    await using lab = await Lab.open()
    const web = await lab.container(await lab.network(1), 2)
    await lab.serve(lab.outside, 'outside', 53)
    const client = await lab.client(lab.host, 'udp', outsideAddress.inet, 53)
    expect(await client.ask(5000)).toContain('outside')
    const tracked = async () =>
      (await lab.host.stack.conntrack.list({ original: { destinationPort: 53 } })).map(({ id }) => id)
    const before = await tracked()
    expect(before).toHaveLength(1)
    await lab.firewall.publish([published(web, 'inet', { protocol: 'udp', hostPort: 53, containerPort: 53 })])
    expect(await tracked()).toEqual(before)
  })

  it('are a thousand in one transaction', async () => {
    await using lab = await Lab.open()
    const web = await lab.container(await lab.network(1), 2)
    await lab.serve(web, 'web', 8000)
    await lab.serve(web, 'web', 8999)
    const ports = Array.from({ length: 1000 }, (_, i) =>
      published(web, 'inet', { protocol: 'tcp', hostPort: 20_000 + i, containerPort: 8000 + i })
    )
    const { nftables } = lab.host.stack
    const before = await nftables.generation()
    await lab.firewall.publish(ports)
    expect((await nftables.generation()).id).toBe(before.id + 1)
    for (const hostPort of [20_000, 20_999]) {
      expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet, hostPort)).toContain('web')
      expect(await lab.ask(lab.host, 'tcp', '127.0.0.1', hostPort)).toContain('web')
    }
    await lab.firewall.withdraw(ports)
    const map = { family: 'inet', table: 'netloom', name: 'dnat_any4' } as const
    expect(await nftables.elements.list(map)).toEqual([])
  })

  it('need the table', async () => {
    await using lab = await Lab.open()
    const network = await lab.network(1)
    const web = await lab.container(network, 2)
    const ports = [published(web, 'inet', { protocol: 'tcp', hostPort: 8080, containerPort: 80 })]
    await lab.nft('flush ruleset')
    await expect(lab.firewall.publish(ports)).rejects.toMatchObject({ code: 'ERR_FIREWALL_INCOMPLETE' })
    // What isn't there can be taken away.
    await lab.firewall.withdraw(ports)
    await lab.firewall.removeNetwork(network.spec)
    expect(await lab.nft('list ruleset')).toBe('')
  })
})
