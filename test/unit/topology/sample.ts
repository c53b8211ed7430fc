import type { Topology, TopologyLink, TopologyNamespace } from '../../../src/topology/index.js'

/** A link with what tests don't care about filled in. */
export function link(index: number, name: string, rest: Partial<TopologyLink> = {}): TopologyLink {
  return { index, name, loopback: false, up: true, state: 'up', mtu: 1500, addresses: [], ...rest }
}

export function namespace(inode: number, rest: Partial<TopologyNamespace> = {}): TopologyNamespace {
  return { inode, current: false, names: [], pins: [], processes: 0, links: [], defaultRoutes: [], ...rest }
}

export const loopback = link(1, 'lo', {
  loopback: true,
  state: 'unknown',
  mtu: 65536,
  addresses: ['127.0.0.1/8', '::1/128']
})

const host = namespace(100, {
  current: true,
  processes: 120,
  process: { pid: 1, name: 'systemd' },
  links: [
    loopback,
    link(2, 'eth0', {
      macAddress: '52:54:00:12:34:56',
      addresses: ['192.168.1.10/24', '2001:db8::10/64', 'fe80::5054:ff:fe12:3456/64']
    }),
    link(3, 'br0', {
      kind: 'bridge',
      macAddress: '02:42:0a:58:00:01',
      addresses: ['10.88.0.1/16', 'fd00:88::1/64'],
      ports: [4, 5]
    }),
    link(4, 'veth1', { kind: 'veth', master: 3, peer: { namespace: 200, namespaceId: 0, link: 2 } }),
    link(5, 'veth2', { kind: 'veth', master: 3, peer: { namespace: 300, namespaceId: 1, link: 2 } }),
    link(6, 'eth0.50', {
      kind: 'vlan',
      id: 50,
      addresses: ['10.50.0.1/24'],
      parent: { namespace: 100, link: 2 }
    }),
    link(7, 'tunl0', { kind: 'ipip', up: false, state: 'down' }),
    link(8, 'wg0', { kind: 'wireguard', up: false, state: 'down', mtu: 1420 })
  ],
  defaultRoutes: [
    { family: 'inet', gateway: '192.168.1.1', link: 2, priority: 100 },
    { family: 'inet6', gateway: 'fe80::1', link: 2 }
  ]
})

const con1 = namespace(200, {
  names: ['con1'],
  pins: ['/run/netns/con1'],
  links: [
    loopback,
    link(2, 'eth0', {
      kind: 'veth',
      macAddress: '02:42:0a:58:00:02',
      addresses: ['10.88.0.2/16'],
      peer: { namespace: 100, namespaceId: 0, link: 4 }
    })
  ],
  defaultRoutes: [{ family: 'inet', gateway: '10.88.0.1', link: 2 }]
})

const con2 = namespace(300, {
  names: ['con2', 'web'],
  pins: ['/run/netns/con2', '/run/netns/web'],
  processes: 3,
  process: { pid: 4242, name: 'nginx' },
  links: [
    loopback,
    link(2, 'eth0', {
      kind: 'veth',
      addresses: ['10.88.0.3/16'],
      peer: { namespace: 100, namespaceId: 0, link: 5 }
    }),
    link(3, 'lan0', {
      kind: 'macvlan',
      mode: 'bridge',
      addresses: ['192.168.1.77/24'],
      parent: { namespace: 100, namespaceId: 0, link: 2 }
    }),
    link(4, 'a', { kind: 'veth', peer: { namespace: 300, link: 5 } }),
    link(5, 'b', { kind: 'veth', state: 'lowerlayerdown', peer: { namespace: 300, link: 4 } })
  ]
})

const anonymous = namespace(400, {
  processes: 1,
  process: { pid: 977, name: 'dnsmasq' },
  links: [
    link(1, 'lo', { loopback: true, up: false, state: 'down', mtu: 65536 }),
    link(9, 'lost0', { kind: 'veth', peer: { namespaceId: 7, link: 12 } })
  ]
})

/** Names that a terminal, a parser or a browser would obey if they were let through. */
const hostile = namespace(500, {
  names: ['x"]\u001b[31m<script>alert(1)</script>&amp;'],
  pins: ['/run/netns/x'],
  links: [loopback, link(2, '"];}<b>\\N#;`', { addresses: ['10.0.0.1/32 peer 10.0.0.2/32'] })]
})

const locked = namespace(600, { names: ['locked'], pins: ['/run/netns/locked'], unreadable: 'EPERM' })
const empty = namespace(700, { pins: ['/run/docker/netns/0123'], links: [loopback] })

/** A bit of everything. */
export const sample: Topology = { namespaces: [host, con1, con2, hostile, locked, anonymous, empty] }

/** A router with as many hosts around it as asked for, each on a cable of its own. */
export function star(count: number): Topology {
  const hosts = Array.from({ length: count }, (_, i) =>
    namespace(1001 + i, {
      names: [`host${i + 1}`],
      links: [
        loopback,
        link(2, 'eth0', {
          kind: 'veth',
          addresses: [`10.0.${i + 1}.2/24`],
          peer: { namespace: 1000, namespaceId: 0, link: 2 + i }
        })
      ],
      defaultRoutes: [{ family: 'inet', gateway: `10.0.${i + 1}.1`, link: 2 }]
    })
  )
  const router = namespace(1000, {
    names: ['router'],
    links: [
      loopback,
      ...hosts.map(({ inode }, i) =>
        link(2 + i, `port${i + 1}`, {
          kind: 'veth',
          addresses: [`10.0.${i + 1}.1/24`],
          peer: { namespace: inode, namespaceId: i, link: 2 }
        })
      )
    ]
  })
  return { namespaces: [router, ...hosts] }
}
