/** What is made before a measurement, by netloom itself. */
import { NetworkStack } from 'netloom'
import type { BatchLinkSpec, RouteSpec } from 'netloom'
import type { Room } from '../room.js'

export type Family = 'inet' | 'inet6'

export const familyNames = { inet: 'IPv4', inet6: 'IPv6' }

const gateways = { inet: '10.255.0.2', inet6: 'fd00:ffff::2' }

export interface Routes {
  readonly family: Family
  readonly count: number
  /** The number of the first; see README.md. */
  readonly first?: number
  /** Default: main. */
  readonly table?: number
}

export async function addRoutes(room: Room, { family, count, first = 0, table }: Routes): Promise<void> {
  const { index } = await room.stack.links.get('wire0')
  function* specs(): Generator<RouteSpec> {
    for (let i = first; i < first + count; i++) {
      yield {
        destination: destination(family, i),
        gateway: gateways[family],
        link: index,
        table,
        protocol: 'static'
      }
    }
  }
  const { failures } = await room.stack.routes.addMany(specs())
  for (const failure of failures) throw failure.error
}

function destination(family: Family, i: number): string {
  if (family === 'inet') return `${16 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.0/24`
  return `2001:db8:${(i >> 16).toString(16)}:${(i & 0xffff).toString(16)}::/64`
}

/** Links that are made from now on, here or at their other ends, get no IPv6 addresses. */
export async function switchOffIpv6(room: Room): Promise<void> {
  for (const { sysctl } of [room.namespace, await room.other('peers')]) {
    await sysctl.set('net.ipv6.conf.default.disable_ipv6', 1)
  }
}

/** The state of the pairs that are to be deleted. */
export type PairState = 'down' | 'up' | 'up and in a bridge'

/** Pairs `v0` and `p0`, …, with the second ends in a namespace of their own. */
export async function addPairs(room: Room, count: number, state: PairState): Promise<void> {
  const namespace = await room.other('peers')
  await using guest = await NetworkStack.open({ namespace })
  const up = state !== 'down'
  const bridges = state === 'up and in a bridge' ? Math.ceil(count / portsOfBridge) : 0
  for (let i = 0; i < bridges; i++) await room.stack.links.add({ kind: 'bridge', name: `br${i}`, up })
  const specs = Array.from({ length: count }, (_, i): BatchLinkSpec => {
    const master = bridges === 0 ? undefined : `br${Math.floor(i / portsOfBridge)}`
    return { kind: 'veth', name: `v${i}`, up, master, peer: { name: `p${i}`, namespace } }
  })
  const { failures } = await room.stack.links.addMany(specs)
  for (const failure of failures) throw failure.error
  if (!up) return
  const batch = guest.batch()
  for (let i = 0; i < count; i++) batch.links.set(`p${i}`, { up })
  for (const outcome of await batch.commit()) if (outcome.status === 'failed') throw outcome.error
}

/** A bridge has 1,023 at most (BR_MAX_PORTS). */
const portsOfBridge = 1000
