/**
 * Lets npm work on a kernel that lost its routing lock (kernel.js), loaded with `--import`. npm lists the links
 * at each start, for an option that nobody sets here; and the C library lists the addresses to tell which
 * families are of use (AI_ADDRCONFIG) and how to sort them. Both would hang for ever. IPv4 will do.
 */
import { syncBuiltinESMExports } from 'node:module'
import dns from 'node:dns'
import os from 'node:os'

os.networkInterfaces = () => ({})

const { lookup } = dns
/** @type {(hostname: string, options: unknown, callback: unknown) => void} */
const lookupIpv4 = (hostname, options, callback) => {
  const given = typeof options === 'object' ? options : {}
  Reflect.apply(lookup, dns, [hostname, { ...given, family: 4, hints: 0 }, callback ?? options])
}
dns.lookup = /** @type {typeof lookup} */ (/** @type {unknown} */ (lookupIpv4))
syncBuiltinESMExports()
