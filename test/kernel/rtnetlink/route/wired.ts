/** A namespace with routers to be had: both ends of a veth pair, up, with addresses on `v0`, and `lo` up. */
import type { JsonObject } from '../../../setup/namespace.js'
import { vethPair, type VethPair } from '../veth-pair.js'

export interface Wired extends VethPair {
  /** The route to a destination as `ip -j -d route` prints it; undefined if there is none. */
  ipRoute(destination: string, ...args: string[]): Promise<JsonObject | undefined>
}

/** `v0` has 10.0.0.1/24 and fd00::1/64; anything in those is a gateway. */
export async function wired(): Promise<Wired> {
  const pair = await vethPair('ip addr add 10.0.0.1/24 dev v0', 'ip addr add fd00::1/64 dev v0 nodad')
  return {
    ...pair,
    async ipRoute(destination, ...args) {
      const family = destination.includes(':') ? '-6' : '-4'
      const [route] = await pair.ns.json('ip', family, '-j', '-d', 'route', 'show', destination, ...args)
      return route
    }
  }
}
