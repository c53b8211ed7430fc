/**
 * Nanoseconds an object that encoding and decoding take, interpreted and compiled: `npx tsx benchmarks/codec.ts`.
 * Every figure is the median of rounds over a thousand different objects, after a warm-up; with `BEST=1` it is
 * the best round, for a machine that does other things beside.
 */
import { compile, Writer, type AnyRecord, type Type } from '../src/codec/index.js'
import { addressMessage } from '../src/rtnetlink/address/schema.js'
import { linkMessage } from '../src/rtnetlink/link/schema.js'
import { neighborMessage } from '../src/rtnetlink/neighbor/schema.js'
import { routeMessage } from '../src/rtnetlink/route/schema.js'

const objects = 1000
const rounds = 41

interface Case {
  readonly name: string
  readonly type: Type<unknown, never>
  /** The object to write. */
  readonly make: (i: number) => object
  /** The object that is read, where the kernel sends more than was written. */
  readonly sent?: (i: number) => object
}

const octets = (i: number): string => `${(i >> 8) & 255}.${i & 255}`

const cases: readonly Case[] = [
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

/** The median time of one of `objects` calls, in nanoseconds. */
function measure(work: (i: number) => void): number {
  const times: number[] = []
  for (let round = -20; round < rounds; round++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < objects; i++) work(i)
    if (round >= 0) times.push(Number(process.hrtime.bigint() - start) / objects)
  }
  return times.sort((a, b) => a - b)[process.env['BEST'] ? 0 : rounds >> 1]!
}

let sink: unknown

function encoding(type: AnyRecord, values: readonly object[]): number {
  const writer = new Writer(1 << 20)
  return measure((i) => {
    if (i === 0) writer.position = 0
    const start = writer.beginMessage(24, 0x605)
    type.write(writer, values[i] as never)
    writer.endMessage(start)
  })
}

function decoding(type: AnyRecord, messages: readonly [Uint8Array, number, number][]): number {
  return measure((i) => {
    const [bytes, offset, length] = messages[i]!
    sink = type.read(bytes, offset, length)
  })
}

/** The messages one after the other in one buffer, as a dump delivers them. */
function encodeAll(type: AnyRecord, values: readonly object[]): [Uint8Array, number, number][] {
  const writer = new Writer()
  const places = values.map((value) => {
    const start = writer.beginMessage(24, 0)
    type.write(writer, value as never)
    writer.endMessage(start)
    return [start + 16, writer.position - start - 16] as const
  })
  const bytes = writer.written().slice()
  return places.map(([offset, length]) => [bytes, offset, length])
}

console.log('                    encode              decode')
console.log('               interp  compiled    interp  compiled   properties')
for (const { name, type: schema, make, sent } of cases) {
  const type = { ...schema, ...(schema as AnyRecord).own } as AnyRecord
  const compiled = compile(type)
  const values = Array.from({ length: objects }, (_, i) => make(i))
  const messages = encodeAll(
    type,
    sent === undefined ? values : Array.from({ length: objects }, (_, i) => sent(i))
  )
  const figures = [
    encoding(type, values),
    encoding(compiled, values),
    decoding(type, messages),
    decoding(compiled, messages)
  ]
  const [bytes, offset, length] = messages[7]!
  const properties = Object.keys(type.read(bytes, offset, length) as object).length
  const [a, b, c, d] = figures.map((figure) => figure.toFixed(0).padStart(7))
  console.log(`${name.padEnd(14)}${a} ${b}    ${c} ${d}      ${properties}`)
}
if (sink === undefined) throw new Error('nothing was read')
