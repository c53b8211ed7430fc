import { existsSync } from 'node:fs'

let known: boolean | undefined

/** Whether the kernel was started with IPv6, that is, without `ipv6.disable=1`. */
export function kernelHasIpv6(): boolean {
  return (known ??= existsSync('/proc/sys/net/ipv6/conf'))
}
