import { setTimeout as delay } from 'node:timers/promises'
import type { NetworkStack } from '../../network-stack.js'
import { hasCode } from '../errors/has-code.js'

/** How often it is looked: at once, and then after 1, 2, 4 … ms. */
const attempts = 11

/**
 * Waits until the kernel delivers what comes for IPv6 addresses that were just given to a link. The route by which it
 * does is made later, by a worker that waits for the routing lock (`addrconf_dad_work`, net/ipv6/addrconf.c). IPv4 needs
 * no wait.
 */
export async function untilDelivered(stack: NetworkStack, addresses: readonly string[]): Promise<void> {
  const inet6 = addresses.filter((address) => address.includes(':'))
  await Promise.all(inet6.map((address) => untilLocal(stack, address)))
}

async function untilLocal(stack: NetworkStack, address: string): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (await isLocal(stack, address)) return
    await delay(2 ** (attempt - 1))
  }
}

async function isLocal(stack: NetworkStack, address: string): Promise<boolean> {
  try {
    return (await stack.routes.lookup(address)).type === 'local'
  } catch (error) {
    if (hasCode(error, 'ENETUNREACH', 'EHOSTUNREACH')) return false
    throw error
  }
}
