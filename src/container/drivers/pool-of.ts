import { Writer, ip, parsePrefix } from '../../codec/index.js'
import type { Pool } from '../model/network.js'

/** The pool whose subnet an address lies in. */
export function poolOf(pools: readonly Pool[], address: string): Pool | undefined {
  return pools.find(({ subnet }) => contains(subnet, address))
}

/** The address with the prefix length of its pool: `10.88.0.2/16`. */
export function withLength(pools: readonly Pool[], address: string): string {
  const pool = poolOf(pools, address)
  return pool === undefined ? address : `${address}/${parsePrefix(pool.subnet).length}`
}

function contains(subnet: string, address: string): boolean {
  const { address: base, length } = parsePrefix(subnet)
  const a = bytesOf(base)
  const b = bytesOf(address)
  if (a.length !== b.length) return false
  const whole = length >>> 3
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false
  const mask = 0xff00 >>> (length & 7)
  return (length & 7) === 0 || ((a[whole]! ^ b[whole]!) & mask & 0xff) === 0
}

function bytesOf(address: string): Uint8Array {
  const writer = new Writer(16)
  ip.write(writer, address)
  return writer.bytes.slice(0, writer.position)
}
