/** Container networks beside what other programs do with the same host. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { needsKind, needsProgram, program, skipUnless } from '../../setup/requirements.js'
import { Lab, hostAddress, outsideAddress } from './lab.js'

describe('beside other programs', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft', 'ping')
  let lab: Lab

  beforeEach(async () => {
    lab = await Lab.open()
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  /** As Docker has it with iptables-nft: what is forwarded is dropped, unless a rule says otherwise. */
  const docker = (userChain: string) => `
    table ip filter {
      ${userChain}
      chain FORWARD {
        type filter hook forward priority filter; policy drop;
        ${userChain === '' ? '' : 'counter jump DOCKER-USER'}
      }
    }`

  it('passes traffic through the chain that Docker leaves to its users, and takes its rules out again', async () => {
    await lab.run(lab.host, 'nft', docker('chain DOCKER-USER { counter return; }'))
    const before = await lab.run(lab.host, 'nft', '-s', 'list', 'table', 'ip', 'filter')
    await lab.networks.networks.create({ name: 'web' })
    const sandbox = await lab.sandbox('web', { ports: ['8080:80'] })
    await lab.serve(sandbox, 'web', 80)
    await lab.serve(lab.outside, 'outside', 7000)
    expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet, 8080)).toContain('web')
    expect(await lab.ask(sandbox, 'tcp', outsideAddress.inet, 7000)).toContain('outside')
    await lab.networks.sandboxes.remove(sandbox.id, { force: true })
    await lab.networks.networks.remove('web')
    expect(await lab.run(lab.host, 'nft', '-s', 'list', 'table', 'ip', 'filter')).toBe(before)
  })

  it('says which table would drop its traffic, and makes nothing', async () => {
    await lab.run(lab.host, 'nft', docker(''))
    const before = [await lab.rules(), await lab.links()]
    await expect(lab.networks.networks.create({ name: 'web' })).rejects.toMatchObject({
      code: 'ERR_FOREIGN_FIREWALL',
      message: expect.stringMatching(/\bfilter\b/) as string
    })
    expect([await lab.rules(), await lab.links()]).toEqual(before)
    expect((await lab.networks.networks.list()).map(({ name }) => name)).not.toContain('web')
    // A network that nothing leaves needs no forwarding.
    await lab.run(lab.host, 'nft', 'flush', 'ruleset')
    await lab.networks.networks.create({ name: 'web' })
  })

  it('is not in the way of other container networks of the same host', async () => {
    const other = await lab.networksOf({})
    for (const { networks } of [lab.networks, other]) await networks.create({ name: 'web' })
    const mine = await lab.sandbox('web', { ports: ['8080:80'] })
    const theirs = await other.sandboxes.create()
    await theirs.connect('web', { ports: ['8081:80'] })
    for (const [sandbox, name, port] of [
      [mine, 'mine', 8080],
      [theirs, 'theirs', 8081]
    ] as const) {
      await lab.serve(sandbox, name, 80)
      expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet, port)).toContain(name)
      expect(await lab.pings(sandbox, outsideAddress.inet)).toBe(true)
    }
    expect((await other.reconcile()).firewall).toBe(false)
    expect(await lab.ask(theirs, 'tcp', hostAddress.inet, 8080)).toContain('mine')
    expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet, 8080)).toContain('mine')
  })

  it('keeps a default route that a router has announced', async (context) => {
    await skipUnless(context, program('python3'))
    await lab.host.namespace.sysctl.setMany({
      'net/ipv6/conf/uplink/accept_ra': 1,
      'net/ipv6/conf/uplink/accept_ra_defrtr': 1
    })
    // A router advertisement (RFC 4861, 4.2) with a lifetime of 1800 s, as a router sends it.
    const announce = `
import socket, struct
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
s.sendto(struct.pack('!BBHBBHII', 134, 0, 0, 64, 0, 1800, 0, 0), ('ff02::1', 0, 0, socket.if_nametoindex('eth0')))`
    const announced = async () => {
      const routes = await lab.host.stack.routes.list({ destination: 'default', family: 'inet6' })
      return routes.filter(({ protocol }) => protocol === 'ra').length
    }
    await expect
      .poll(
        async () => {
          await lab.run(lab.outside, 'python3', '-c', announce)
          return announced()
        },
        { timeout: 10_000 }
      )
      .toBe(1)
    await lab.networks.networks.create({ name: 'six', ipv6: true })
    expect(await lab.host.namespace.sysctl.get('net.ipv6.conf.all.forwarding')).toBe(1)
    expect(await announced()).toBe(1)
    expect(await lab.host.namespace.sysctl.get('net.ipv6.conf.uplink.accept_ra')).toBe(2)
  })
})
