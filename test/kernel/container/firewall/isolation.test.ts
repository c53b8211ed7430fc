/** Who reaches whom without a published port, and with which address containers leave. */
import { createSocket } from 'node:dgram'
import type { RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FirewallNetwork } from '../../../../src/container/firewall/index.js'
import { needsKind, needsProgram } from '../../../setup/requirements.js'
import { Lab, hostAddress, outsideAddress, published, secondAddress, uplinkAddress, ways } from './lab.js'
import type { Bridge, Container } from './lab.js'

describe.each(ways)('with %s over %s', (protocol, family) => {
  needsKind('veth', 'bridge')
  needsProgram('nft', 'nsenter')
  let lab: Lab
  let network: Bridge
  let web: Container
  let neighbour: Container

  beforeEach(async () => {
    lab = await Lab.open()
    await lab.serve(lab.outside, 'outside', 80)
    await lab.serve(lab.host, 'host', 9090)
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  async function made(options: Partial<FirewallNetwork> = {}): Promise<void> {
    network = await lab.network(1, options)
    web = await lab.container(network, 2)
    neighbour = await lab.container(network, 3)
    await lab.serve(web, 'web', 80)
  }
  const port = { protocol, hostPort: 8080, containerPort: 80 }

  it('containers leave with an address of the host, and are out of reach themselves', async () => {
    await made()
    expect(await lab.ask(web, protocol, outsideAddress[family], 80)).toMatch(uplinkAddress)
    expect(await lab.tries(lab.outside, protocol, web.address[family], 80)).toBeUndefined()
    // Nor by their own address once a port is published.
    await lab.firewall.publish([published(web, family, port)])
    expect(await lab.tries(lab.outside, protocol, web.address[family], 80)).toBeUndefined()
    // There is a way: without the rules it is open.
    await lab.nft('flush ruleset')
    expect(await lab.ask(lab.outside, protocol, web.address[family], 80)).toContain('web')
  })

  it('containers reach each other, and the host reaches them', async () => {
    await made()
    expect(await lab.ask(neighbour, protocol, web.address[family], 80)).toBe(
      `web ${neighbour.address[family]}`
    )
    expect(await lab.ask(lab.host, protocol, web.address[family], 80)).toBe(`web ${network.address[family]}`)
    expect(await lab.ask(web, protocol, network.address[family], 9090)).toBe(`host ${web.address[family]}`)
  })

  it('networks are isolated from each other, in both directions', async () => {
    await made()
    const stranger = await lab.container(await lab.network(2), 2)
    await lab.serve(stranger, 'stranger', 80)
    expect(await lab.tries(stranger, protocol, web.address[family], 80)).toBeUndefined()
    expect(await lab.tries(web, protocol, stranger.address[family], 80)).toBeUndefined()
    await lab.firewall.removeNetwork(network.spec)
    expect(await lab.tries(web, protocol, stranger.address[family], 80)).toBeUndefined()
    expect(await lab.ask(stranger, protocol, web.address[family], 80)).toContain('web')
  })

  it('an internal network has no way out or in, and reaches the host', async () => {
    await made({ internal: true })
    const stranger = await lab.container(await lab.network(2), 2)
    await lab.serve(stranger, 'stranger', 80)
    await lab.firewall.publish([published(stranger, family, port)])
    // Even a container that makes itself a route gets nowhere, nor to what others publish.
    await web.stack.routes.add({ destination: 'default', gateway: network.address[family] })
    expect(await lab.ask(stranger, protocol, hostAddress[family], 8080)).toContain('stranger')
    expect(await lab.tries(web, protocol, outsideAddress[family], 80)).toBeUndefined()
    expect(await lab.tries(web, protocol, stranger.address[family], 80)).toBeUndefined()
    expect(await lab.tries(web, protocol, network.address[family], 8080)).toBeUndefined()
    expect(await lab.tries(web, protocol, hostAddress[family], 8080)).toBeUndefined()
    for (const from of [lab.outside, stranger]) {
      expect(await lab.tries(from, protocol, web.address[family], 80)).toBeUndefined()
    }
    expect(await lab.ask(neighbour, protocol, web.address[family], 80)).toContain('web')
    expect(await lab.ask(lab.host, protocol, web.address[family], 80)).toContain('web')
    expect(await lab.ask(web, protocol, network.address[family], 9090)).toContain('host')
  })

  it('containers that must not reach each other reach what is published', async () => {
    await made({ interContainer: false })
    await isolatePorts(lab, [web, neighbour])
    await lab.firewall.publish([published(web, family, port)])
    expect(await lab.tries(neighbour, protocol, web.address[family], 80)).toBeUndefined()
    for (const from of [neighbour, web]) {
      expect(await lab.ask(from, protocol, hostAddress[family], 8080)).toBe(`web ${network.address[family]}`)
    }
    expect(await lab.ask(lab.outside, protocol, hostAddress[family], 8080)).toBe(
      `web ${outsideAddress[family]}`
    )
    expect(await lab.ask(web, protocol, outsideAddress[family], 80)).toContain('outside')
  })

  it('containers leave with a fixed address', async () => {
    const [outboundAddress, outboundAddress6] = [secondAddress.inet, secondAddress.inet6]
    await made({ outboundAddress, outboundAddress6 })
    expect(await lab.ask(web, protocol, outsideAddress[family], 80)).toBe(`outside ${secondAddress[family]}`)
    await lab.firewall.ensureNetwork({
      ...network.spec,
      outboundAddress: hostAddress.inet,
      outboundAddress6: hostAddress.inet6
    })
    expect(await lab.ask(neighbour, protocol, outsideAddress[family], 80)).toBe(
      `outside ${hostAddress[family]}`
    )
  })

  it('containers leave with their own address where nothing is masqueraded', async () => {
    await made({ masquerade: false })
    expect(await lab.ask(web, protocol, outsideAddress[family], 80)).toBe(`outside ${web.address[family]}`)
    await lab.firewall.publish([published(web, family, port)])
    // Published ports are reached all the same, from neighbours too.
    expect(await lab.ask(neighbour, protocol, hostAddress[family], 8080)).toBe(
      `web ${network.address[family]}`
    )
  })

  it('a fixed address of one family leaves the other masqueraded', async () => {
    await made({ outboundAddress: secondAddress.inet })
    const answer = await lab.ask(web, protocol, outsideAddress[family], 80)
    if (family === 'inet') expect(answer).toBe(`outside ${secondAddress.inet}`)
    else expect(answer).toMatch(uplinkAddress)
  })
})

async function isolatePorts(lab: Lab, containers: readonly Container[]): Promise<void> {
  for (const { port } of containers) await lab.host.stack.links.set(port, { bridgePort: { isolated: true } })
}

describe.each(ways)(
  'where frames within a bridge pass the rules (br_netfilter), %s over %s',
  (protocol, family) => {
    needsKind('veth', 'bridge')
    needsProgram('nft', 'nsenter')
    let lab: Lab

    beforeEach(async ({ skip }) => {
      lab = await Lab.open()
      if (!(await lab.filterFrames(true))) {
        await lab[Symbol.asyncDispose]()
        skip('the kernel has no br_netfilter, or not for each namespace')
      }
    })
    afterEach(() => lab[Symbol.asyncDispose]())

    const port = { protocol, hostPort: 8080, containerPort: 80 }

    async function made(options: Partial<FirewallNetwork> = {}): Promise<[Bridge, Container, Container]> {
      const network = await lab.network(1, options)
      const web = await lab.container(network, 2)
      const neighbour = await lab.container(network, 3)
      await lab.serve(web, 'web', 80)
      await lab.host.stack.links.set(web.port, { bridgePort: { hairpin: true } })
      await lab.firewall.publish([published(web, family, port)])
      return [network, web, neighbour]
    }

    it('a published port is reached from the container itself, from a neighbour and from the host', async () => {
      const [network, web, neighbour] = await made()
      for (const from of [web, neighbour]) {
        expect(await lab.ask(from, protocol, hostAddress[family], 8080)).toBe(
          `web ${network.address[family]}`
        )
      }
      expect(await lab.ask(neighbour, protocol, web.address[family], 80)).toBe(
        `web ${neighbour.address[family]}`
      )
      const loopback = family === 'inet' ? '127.0.0.1' : '::1'
      expect(await lab.ask(lab.host, protocol, loopback, 8080)).toBe(`web ${network.address[family]}`)
      expect(await lab.ask(lab.outside, protocol, hostAddress[family], 8080)).toBe(
        `web ${outsideAddress[family]}`
      )
    })

    it('containers that must not reach each other reach what is published', async () => {
      const [network, web, neighbour] = await made({ interContainer: false })
      expect(await lab.tries(neighbour, protocol, web.address[family], 80)).toBeUndefined()
      expect(await lab.ask(neighbour, protocol, hostAddress[family], 8080)).toBe(
        `web ${network.address[family]}`
      )
    })

    it('containers of an internal network reach each other', async () => {
      const network = await lab.network(3, { internal: true })
      const one = await lab.container(network, 2)
      const two = await lab.container(network, 3)
      await lab.serve(one, 'one', 80)
      expect(await lab.ask(two, protocol, one.address[family], 80)).toBe(`one ${two.address[family]}`)
    })
  }
)

describe('multicast', () => {
  needsKind('veth', 'bridge')
  needsProgram('nft', 'nsenter')

  it('is not given another source', async () => {
    await using lab = await Lab.open()
    const { address } = await lab.network(1)
    const receiver = createSocket('udp4')
    const sender = createSocket('udp4')
    try {
      const listening = [once(receiver, 'listening'), once(sender, 'listening')]
      receiver.bind({ fd: await lab.outside.namespace.openSocket({ type: 'udp', port: 5000 }) })
      sender.bind({ fd: await lab.host.namespace.openSocket({ type: 'udp', address: address.inet }) })
      await Promise.all(listening)
      receiver.addMembership('239.1.1.1', outsideAddress.inet)
      sender.setMulticastInterface(hostAddress.inet)
      const received = once(receiver, 'message')
      sender.send('?', 5000, '239.1.1.1')
      const [, from] = (await received) as [Buffer, RemoteInfo]
      expect(from.address).toBe(address.inet)
    } finally {
      receiver.close()
      sender.close()
    }
  })
})
