import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Writer } from '../../../../src/codec/index.js'
import type { Message, NetlinkConnection } from '../../../../src/netlink/index.js'
import { readRoute, routeOperations, type RouteSpec } from '../../../../src/rtnetlink/route/index.js'

/** Nothing here looks at it: references are by index, and no stack owns them. */
const connection = undefined as unknown as NetlinkConnection

type Verb = 'add' | 'delete'

function bytesOf(verb: Verb, spec: RouteSpec): Uint8Array {
  const writer = new Writer()
  routeOperations[verb](connection, spec).write(writer, () => 1)
  return writer.written().slice()
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function read(source: Uint8Array) {
  const bytes = new Uint8Array(source)
  const message: Message = { type: 24, flags: 0, sequence: 0, bytes, offset: 0, length: bytes.length }
  return readRoute(message)
}

describe('a route on the wire', () => {
  // struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags.
  it.each<[string, Verb, RouteSpec, string]>([
    [
      'IPv4 with a gateway',
      'add',
      { destination: '10.1.0.0/16', gateway: '10.0.0.2', link: 3 },
      '02100000fe030001' + '00000000' + '080001000a010000' + '080005000a000002' + '0800040003000000'
    ],
    [
      'IPv4 by a link alone has the scope of the link',
      'add',
      { destination: '10.1.0.0/16', link: 3 },
      '02100000fe03fd01' + '00000000' + '080001000a010000' + '0800040003000000'
    ],
    [
      'IPv6',
      'add',
      { destination: 'fd01::/64', gateway: 'fe80::1', link: 3, priority: 7 },
      '0a400000fe030001' +
        '00000000' +
        '14000100fd010000000000000000000000000000' +
        '14000500fe800000000000000000000000000001' +
        '0800040003000000' +
        '0800060007000000'
    ],
    [
      'a table beyond a byte',
      'add',
      { destination: '10.1.0.0/16', link: 3, table: 1000 },
      '021000000003fd01' + '00000000' + '080001000a010000' + '08000f00e8030000' + '0800040003000000'
    ],
    [
      'the default route',
      'add',
      { destination: 'default', link: 3 },
      '02000000fe03fd01' + '00000000' + '0800040003000000'
    ],
    [
      'the default route of IPv6, known by its gateway',
      'add',
      { destination: 'default', gateway: 'fe80::1' },
      '0a000000fe030001' + '00000000' + '14000500fe800000000000000000000000000001'
    ],
    [
      'a local route, into its table with the scope of the host',
      'add',
      { destination: '10.1.0.0/16', type: 'local', link: 1 },
      '02100000ff03fe02' + '00000000' + '080001000a010000' + '0800040001000000'
    ],
    [
      'a blackhole',
      'add',
      { destination: '10.1.0.0/16', type: 'blackhole' },
      '02100000fe030006' + '00000000' + '080001000a010000'
    ],
    [
      'hops: each with its length, flags, weight less one, and link',
      'add',
      {
        destination: '10.1.0.0/16',
        nextHops: [
          { gateway: '10.0.0.2', weight: 256 },
          { link: 4, flags: ['onlink'] }
        ]
      },
      '02100000fe030001' +
        '00000000' +
        '080001000a010000' +
        '1c000900' +
        '100000ff00000000' +
        '080005000a000002' +
        '0800040004000000'
    ],
    [
      'metrics, the lock as bits of their numbers',
      'add',
      { destination: '10.1.0.0/16', link: 3, metrics: { mtu: 500, rtoMin: 40, lock: ['mtu', 'rtoMin'] } },
      '02100000fe03fd01' +
        '00000000' +
        '080001000a010000' +
        '0800040003000000' +
        '1c000880' +
        '0800010004200000' +
        '08000200f4010000' +
        '08000d0028000000'
    ],
    [
      'an encapsulation: its type, then the rest; the last label has the bottom bit',
      'add',
      { destination: '10.1.0.0/16', link: 3, encap: { type: 'mpls', labels: [226, 227] } },
      '02100000fe03fd01' +
        '00000000' +
        '080001000a010000' +
        '0800040003000000' +
        '0600150001000000' +
        '10001680' +
        '0c000100000e2000000e3100'
    ],
    [
      'a gateway of another family',
      'add',
      { destination: '10.1.0.0/16', via: { family: 'inet6', address: 'fd00::2' } },
      '02100000fe030001' +
        '00000000' +
        '080001000a010000' +
        '160012000a00fd000000000000000000000000000002' +
        '0000'
    ],
    [
      'an MPLS route: 20 bits of label',
      'add',
      {
        family: 'mpls',
        destination: '100',
        newDestination: [200],
        via: { family: 'inet', address: '10.0.0.2' }
      },
      '1c140000fe030001' + '00000000' + '0800010000064100' + '0a00120002000a0000020000' + '08001300000c8100'
    ],
    [
      'a deletion matches any type, protocol and scope',
      'delete',
      { destination: '10.1.0.0/16' },
      '02100000fe00ff00' + '00000000' + '080001000a010000'
    ],
    [
      'a deletion by a next-hop object leaves out what that object tells',
      'delete',
      { destination: '10.1.0.0/16', nextHopId: 7, gateway: '10.0.0.2', link: 3, scope: 'global' },
      '02100000fe000000' + '00000000' + '080001000a010000' + '08001e0007000000'
    ]
  ])('%s', (_name, verb, spec, expected) => {
    expect(hex(bytesOf(verb, spec))).toBe(expected)
  })

  it('leaves out the flags that only the kernel sets', () => {
    const flags = ['onlink', 'linkdown', 'dead', 'offload', 'rt_trap'] as const
    const bytes = bytesOf('add', { destination: '10.1.0.0/16', gateway: '10.0.0.2', link: 3, flags })
    expect(hex(bytes.subarray(8, 12))).toBe('04000000')
  })

  it('keeps unknown attributes, of a hop too', () => {
    const route = read(
      Buffer.from(
        '02100000fe030001' +
          '00000000' +
          '080001000a010000' +
          '14000900' +
          '1000000000000000' +
          '08003f0011223344' +
          '08003e0055667788',
        'hex'
      )
    )
    expect(route.nextHops).toMatchObject([
      { unknown: [{ type: 63, bytes: Uint8Array.of(0x11, 0x22, 0x33, 0x44) }] }
    ])
    expect(route.unknown).toEqual([{ type: 62, bytes: Uint8Array.of(0x55, 0x66, 0x77, 0x88) }])
  })

  it('reads an encapsulation whose type comes after it, as the kernel sends it', () => {
    const bytes = Buffer.from(
      '02100000fe030001' + '00000000' + '10001680' + '0c000100000e2000000e3100' + '0600150001000000',
      'hex'
    )
    expect(read(bytes).encap).toEqual({ type: 'mpls', labels: [226, 227] })
    // One without the other says nothing.
    expect(read(bytes.subarray(0, 28)).encap).toBeUndefined()
  })

  it('keeps the bytes of an encapsulation that it does not know', () => {
    const encap = { type: 77, data: Uint8Array.of(1, 2, 3, 4) }
    expect(read(bytesOf('add', { destination: '10.1.0.0/16', link: 3, encap })).encap).toEqual(encap)
  })

  it('reads a default route as its prefix, whatever the kernel sends', () => {
    const header = (family: number) => Uint8Array.of(family, 0, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0)
    expect(read(header(2)).destination).toBe('0.0.0.0/0')
    expect(read(header(10)).destination).toBe('::/0')
  })

  it('never throws for what is cut off or scrambled', () => {
    const seed = bytesOf('add', {
      destination: '10.1.0.0/16',
      link: 3,
      metrics: { mtu: 1400, lock: ['mtu'] },
      nextHops: [{ gateway: '10.0.0.2', encap: { type: 'seg6', segments: ['fc00::1', 'fc00::2'] } }],
      encap: { type: 'seg6local', action: 'End.B6', header: { segments: ['fc00::1'], hmacKeyId: 9 } },
      realms: { to: 1 }
    })
    for (let length = 0; length <= seed.length; length++) read(seed.slice(0, length))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const bytes = seed.slice()
          for (const [at, value] of changes) bytes[at] = value
          read(bytes)
        }
      ),
      { numRuns: 2000 }
    )
  })

  it('reads what it wrote', () => {
    const quad = fc.ipV4()
    const spec = fc.record(
      {
        destination: fc.oneof(
          quad.map((address) => `${address}/32`),
          fc.constant('default')
        ),
        gateway: quad,
        link: fc.integer({ min: 1, max: 0x7fffffff }),
        priority: fc.nat(0xffffffff),
        table: fc.integer({ min: 1, max: 0xffffffff }),
        tos: fc.integer({ min: 1, max: 255 }),
        protocol: fc.integer({ min: 200, max: 250 }),
        preferredSource: quad,
        nextHopId: fc.integer({ min: 1, max: 0xffffffff }),
        realms: fc.record({ from: fc.integer({ min: 1, max: 0xffff }), to: fc.nat(0xffff) }),
        metrics: fc.record(
          {
            mtu: fc.nat(0xffffffff),
            hopLimit: fc.nat(255),
            quickAck: fc.boolean(),
            congestionControl: fc.constant('reno')
          },
          { requiredKeys: [] }
        )
      },
      { requiredKeys: ['destination'] }
    )
    fc.assert(
      fc.property(spec, (given) => {
        const written = read(bytesOf('add', given))
        const destination = given.destination === 'default' ? '0.0.0.0/0' : given.destination
        expect(written).toMatchObject({ ...given, destination, family: 'inet', type: 'unicast' })
      })
    )
  })
})
