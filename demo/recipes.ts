import type { NetworkNamespace, NetworkStack } from 'netloom'

/** Where a step builds. */
export interface Site {
  namespace(name: string): NetworkNamespace
  stack(name: string): NetworkStack
}

/** One step, and the `ip` commands that do the same. */
export interface Step {
  readonly title: string
  readonly ip: readonly string[]
  build(site: Site): Promise<unknown>
}

export interface Recipe {
  readonly title: string
  readonly namespaces: readonly string[]
  readonly steps: readonly Step[]
  /** Who reaches whom, once it is built. */
  readonly traffic: readonly { readonly from: string; readonly to: string; readonly address: string }[]
}

/** A veth pair is a cable: one end on the host, one in the container. */
export const oneContainer: Recipe = {
  title: 'A container that the host can reach',
  namespaces: ['host', 'con1'],
  steps: [
    {
      title: 'a cable between them',
      ip: ['-n host link add veth1 up type veth peer name eth0 netns con1'],
      build: ({ stack, namespace }) =>
        stack('host').links.add({
          kind: 'veth',
          name: 'veth1',
          up: true,
          peer: { name: 'eth0', namespace: namespace('con1') }
        })
    },
    {
      title: 'loopback up on both sides',
      ip: ['-n host link set lo up', '-n con1 link set lo up'],
      async build({ stack }) {
        await stack('host').links.set('lo', { up: true })
        await stack('con1').links.set('lo', { up: true })
      }
    },
    {
      title: 'an address for each end',
      ip: [
        '-n host address add 172.17.0.1/32 dev veth1',
        '-n con1 address add 172.17.0.2/32 dev eth0',
        '-n con1 link set eth0 up'
      ],
      async build({ stack }) {
        await stack('host').addresses.add('veth1', '172.17.0.1/32')
        await stack('con1').addresses.add('eth0', '172.17.0.2/32')
        await stack('con1').links.set('eth0', { up: true })
      }
    },
    {
      title: 'routes both ways',
      ip: [
        '-n host route add 172.17.0.2/32 dev veth1',
        '-n con1 route add 172.17.0.1/32 dev eth0',
        '-n con1 route add default via 172.17.0.1'
      ],
      async build({ stack }) {
        await stack('host').routes.add({ destination: '172.17.0.2/32', link: 'veth1' })
        await stack('con1').routes.add({ destination: '172.17.0.1/32', link: 'eth0' })
        await stack('con1').routes.add({ destination: 'default', gateway: '172.17.0.1' })
      }
    }
  ],
  traffic: [
    { from: 'host', to: 'con1', address: '172.17.0.2' },
    { from: 'con1', to: 'host', address: '172.17.0.1' }
  ]
}

const containers = [
  { name: 'con1', veth: 'veth1', address: '172.17.0.2', mac: '02:42:ac:11:00:02' },
  { name: 'con2', veth: 'veth2', address: '172.17.0.3', mac: '02:42:ac:11:00:03' }
]

/** A bridge is a switch: the host's end of each cable is plugged into it. */
export const containersThatReachEachOther: Recipe = {
  title: 'Containers that reach each other',
  namespaces: ['host', ...containers.map(({ name }) => name)],
  steps: [
    {
      title: 'a bridge with an address',
      ip: [
        '-n host link add br0 up type bridge forward_delay 200',
        '-n host address add 172.17.0.1/24 dev br0',
        '-n host link set lo up'
      ],
      async build({ stack }) {
        const host = stack('host')
        await host.links.add({ kind: 'bridge', name: 'br0', up: true, bridge: { forwardDelay: 2 } })
        await host.addresses.add('br0', '172.17.0.1/24')
        await host.links.set('lo', { up: true })
      }
    },
    {
      title: 'a cable for each container',
      ip: containers.map(
        ({ name, veth, mac }) =>
          `-n host link add ${veth} up master br0 type veth peer name eth0 address ${mac} netns ${name}`
      ),
      async build({ stack, namespace }) {
        for (const { name, veth, mac } of containers) {
          await stack('host').links.add({
            kind: 'veth',
            name: veth,
            master: 'br0',
            up: true,
            peer: { name: 'eth0', namespace: namespace(name), macAddress: mac }
          })
        }
      }
    },
    {
      title: 'addresses and routes inside',
      ip: containers.flatMap(({ name, address }) => [
        `-n ${name} link set lo up`,
        `-n ${name} link set eth0 up`,
        `-n ${name} address add ${address}/24 dev eth0`,
        `-n ${name} route add default via 172.17.0.1`
      ]),
      async build({ stack }) {
        for (const { name, address } of containers) {
          // One container, one batch: the kernel gets everything in a datagram or two.
          const batch = stack(name).batch()
          batch.links.set('lo', { up: true })
          batch.links.set('eth0', { up: true })
          batch.addresses.add('eth0', `${address}/24`)
          batch.routes.add({ destination: 'default', gateway: '172.17.0.1' })
          for (const outcome of await batch.commit()) if (outcome.status === 'failed') throw outcome.error
        }
      }
    }
  ],
  traffic: [
    { from: 'con1', to: 'con2', address: '172.17.0.3' },
    { from: 'con2', to: 'con1', address: '172.17.0.2' },
    { from: 'host', to: 'con1', address: '172.17.0.2' },
    { from: 'host', to: 'con2', address: '172.17.0.3' },
    { from: 'con1', to: 'host', address: '172.17.0.1' }
  ]
}
