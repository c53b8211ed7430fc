/** The objects that the codec is measured with. */
import type { Type } from '../../src/codec/index.js'
import { addressMessage } from '../../src/rtnetlink/address/schema.js'
import { linkMessage } from '../../src/rtnetlink/link/schema.js'
import { neighborMessage } from '../../src/rtnetlink/neighbor/schema.js'
import { routeMessage } from '../../src/rtnetlink/route/schema.js'

export interface CodecCase {
  readonly name: string
  readonly type: Type<unknown, never>
  /** The object to write. */
  readonly make: (i: number) => object
  /** The object that is read, where the kernel sends more than was written. */
  readonly sent?: (i: number) => object
}

const octets = (i: number): string => `${(i >> 8) & 255}.${i & 255}`

export const codecCases: readonly CodecCase[] = [
  {
    name: 'route, IPv4',
    type: routeMessage,
    make: (i) => ({
      destination: `10.${octets(i)}.0/24`,
      gateway: `192.168.0.${i % 16}`,
      link: 3,
      protocol: 'static'
    }),
    sent: (i) => ({
      destination: `10.${octets(i)}.0/24`,
      gateway: `192.168.0.${i % 16}`,
      link: 3,
      protocol: 'static',
      priority: 100,
      tos: 4,
      preferredSource: '192.168.0.200'
    })
  },
  {
    name: 'route, IPv6',
    type: routeMessage,
    make: (i) => ({
      destination: `2001:db8:${i.toString(16)}::/48`,
      gateway: 'fe80::1',
      link: 3,
      protocol: 'static'
    })
  },
  {
    name: 'address, IPv4',
    type: addressMessage,
    make: (i) => ({ address: `10.0.${octets(i)}/16`, link: 3 }),
    sent: (i) => ({
      address: `10.0.${octets(i)}/16`,
      link: 3,
      broadcast: '10.0.255.255',
      label: 'eth0',
      preferredLifetime: 3600,
      validLifetime: 7200
    })
  },
  {
    name: 'link',
    type: linkMessage,
    make: (i) => ({
      name: `veth${i}`,
      mtu: 1500,
      master: 2,
      macAddress: '02:42:ac:11:00:02',
      up: true,
      group: 7,
      transmitQueueLength: 1000
    }),
    sent: (i) => ({
      index: i + 1,
      name: `veth${i}`,
      mtu: 1500,
      master: 2,
      macAddress: `02:42:ac:11:${(i >> 8).toString(16)}:${(i & 255).toString(16)}`,
      broadcast: 'ff:ff:ff:ff:ff:ff',
      up: true,
      group: 'default',
      transmitQueueLength: 1000,
      transmitQueues: 1,
      receiveQueues: 1,
      operationalState: 'up',
      linkMode: 'default',
      carrier: true,
      gsoMaxSize: 65536,
      gsoMaxSegments: 65535,
      groMaxSize: 65536
    })
  },
  {
    name: 'neighbor',
    type: neighborMessage,
    make: (i) => ({
      link: 3,
      state: 'permanent',
      destination: `10.0.${octets(i)}`,
      macAddress: '02:42:ac:11:00:02'
    })
  }
]
