/** Forwarding switched on, beside a router that announces itself. */
import { describe, expect, it } from 'vitest'
import { ensureForwarding } from '../../../../src/container/firewall/index.js'
import { execute } from '../../../setup/namespace.js'
import { needsKind, needsProgram } from '../../../setup/requirements.js'
import { machine } from './lab.js'
import type { Machine } from './lab.js'

/** Sends a router advertisement (RFC 4861, 4.2) that offers a default route for half an hour. */
const advertise = `
import socket, struct, sys
link = socket.if_nametoindex(sys.argv[1])
sender = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, link)
sender.sendto(struct.pack('!BBHBBHII', 134, 0, 0, 64, 0, 1800, 0, 0), ('ff02::1', 0, 0, link))
`

const defaultRoutes = async ({ stack }: Machine) =>
  (await stack.routes.list({ family: 'inet6' })).filter(({ destination }) => destination === '::/0')

describe('ensureForwarding', () => {
  needsKind('veth')
  needsProgram('nsenter', 'python3')

  async function besideRouter(work: (host: Machine, router: Machine) => Promise<void>): Promise<void> {
    const [host, router] = [await machine(), await machine()]
    try {
      await host.namespace.sysctl.set('net.ipv6.conf.default.accept_ra', 1)
      const peer = { name: 'eth0', namespace: router.namespace, up: true } as const
      await host.stack.links.add({ kind: 'veth', name: 'up.1', up: true, peer })
      await host.stack.links.add({
        kind: 'veth',
        name: 'quiet',
        peer: { name: 'eth1', namespace: router.namespace }
      })
      await host.namespace.sysctl.set('net/ipv6/conf/quiet/accept_ra', 0)
      const ready = async () => {
        const addresses = [
          ...(await router.stack.addresses.list({ link: 'eth0' })),
          ...(await host.stack.addresses.list({ link: 'up.1' }))
        ]
        return addresses.filter(({ scope, flags }) => scope === 'link' && !flags.includes('tentative')).length
      }
      await expect.poll(ready, { timeout: 10_000 }).toBe(2)
      await execute('nsenter', [`--net=${router.namespace.path}`, 'python3', '-c', advertise, 'eth0'])
      await expect.poll(() => defaultRoutes(host), { timeout: 10_000 }).toHaveLength(1)
      expect((await defaultRoutes(host))[0]!.protocol).toBe('ra')
      await work(host, router)
    } finally {
      for (const { stack, namespace } of [host, router]) {
        await stack.close()
        await namespace.close()
      }
    }
  }

  it('keeps a default route that a router announced', async () => {
    await besideRouter(async (host) => {
      const before = await ensureForwarding(host.namespace, ['inet', 'inet6'])
      expect(before).toEqual({
        'net.ipv4.ip_forward': 0,
        'net/ipv6/conf/lo/accept_ra': 1,
        'net/ipv6/conf/up.1/accept_ra': 1,
        'net.ipv6.conf.all.forwarding': 0
      })
      const { sysctl } = host.namespace
      expect(await sysctl.get('net.ipv4.ip_forward')).toBe(1)
      expect(await sysctl.get('net.ipv6.conf.all.forwarding')).toBe(1)
      expect(await sysctl.get('net/ipv6/conf/up.1/accept_ra')).toBe(2)
      expect(await sysctl.get('net/ipv6/conf/quiet/accept_ra')).toBe(0)
      expect(await defaultRoutes(host)).toHaveLength(1)

      expect(await ensureForwarding(host.namespace, ['inet', 'inet6'])).toEqual({})
      await sysctl.setMany(before)
      expect(await sysctl.get('net.ipv6.conf.all.forwarding')).toBe(0)
      expect(await sysctl.get('net/ipv6/conf/up.1/accept_ra')).toBe(1)
      expect(await defaultRoutes(host)).toHaveLength(1)
    })
  })

  it('is needed: forwarding alone loses the route', async () => {
    await besideRouter(async (host) => {
      await host.namespace.sysctl.set('net.ipv6.conf.all.forwarding', 1)
      expect(await defaultRoutes(host)).toEqual([])
    })
  })

  it('switches on what is asked for alone', async () => {
    const { namespace, stack } = await machine()
    try {
      expect(await ensureForwarding(namespace, ['inet'])).toEqual({ 'net.ipv4.ip_forward': 0 })
      expect(await namespace.sysctl.get('net.ipv6.conf.all.forwarding')).toBe(0)
      expect(await ensureForwarding(namespace, [])).toEqual({})
    } finally {
      await stack.close()
      await namespace.close()
    }
  })
})
