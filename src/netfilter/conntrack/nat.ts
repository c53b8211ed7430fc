import {
  InvalidType,
  attribute,
  be16,
  invalidRange,
  ipv4,
  ipv6,
  record,
  refuseOtherKeys,
  within
} from '../../codec/index.js'
import type { Type } from '../../codec/index.js'

/** To what an address and a port are translated: one address, or the first that is free of a range. */
export interface NatSpec {
  readonly address: string
  /** The last address of a range that begins with `address`. */
  readonly lastAddress?: string | undefined
  readonly port?: number | undefined
  /** The last port of a range that begins with `port`. */
  readonly lastPort?: number | undefined
}

/** `CTA_NAT_*`, linux/netfilter/nfnetlink_conntrack.h. */
const wire = record({
  ipv4: attribute(1, ipv4),
  lastIpv4: attribute(2, ipv4),
  ports: attribute(3, record({ port: attribute(1, be16), lastPort: attribute(2, be16) })),
  ipv6: attribute(4, ipv6),
  lastIpv6: attribute(5, ipv6)
})

const keys = ['address', 'lastAddress', 'port', 'lastPort']
const expected = 'an object { address, lastAddress, port, lastPort }'

/** `CTA_NAT_SRC` and `CTA_NAT_DST`: the kernel sets the translation up, and never tells of it in this form. */
export const nat: Type<never, NatSpec> = {
  expected,
  size: 0,
  nested: true,
  write(writer, value) {
    if (typeof value !== 'object' || value === null) throw new InvalidType(value, expected)
    refuseOtherKeys(value, keys)
    const { address, lastAddress = address, port, lastPort = port } = value
    const six = typeof address === 'string' && address.includes(':')
    // Each is written alone first, for errors to name it as the caller does.
    for (const [key, given] of [
      ['address', address],
      ['lastAddress', lastAddress]
    ] as const) {
      const start = writer.position
      within(key, () => (six ? ipv6 : ipv4).write(writer, given))
      writer.truncate(start)
    }
    for (const [key, given] of [
      ['port', port],
      ['lastPort', lastPort]
    ] as const) {
      if (given === undefined) continue
      const start = writer.position
      within(key, () => be16.within({ min: 1 }).write(writer, given))
      writer.truncate(start)
    }
    if (port === undefined && lastPort !== undefined)
      throw new InvalidType(port, 'given where lastPort is', 'ERR_MISSING_FIELD').within('port')
    if (port !== undefined && lastPort! < port)
      within('lastPort', () => invalidRange(lastPort, `at least ${port}, the first port`))
    wire.write(writer, {
      ...(six ? { ipv6: address, lastIpv6: lastAddress } : { ipv4: address, lastIpv4: lastAddress }),
      ...(port === undefined ? {} : { ports: { port, lastPort } })
    })
  },
  read: () => undefined as never
}
