import type { NetworkStack } from '../../network-stack.js'
import { findLink } from './find-link.js'

/** What Ethernet carries. */
const usual = 1500

/** The MTU of the link that the default route leaves by; 1500 if there is none. */
export async function hostMtu(stack: NetworkStack): Promise<number> {
  const routes = await stack.routes.list({ destination: 'default', type: 'unicast' })
  // IPv4 goes before IPv6, which has a priority of 1024 where nobody chose one.
  const preference = (family: string, priority = 0): number => priority + (family === 'inet' ? 0 : 2 ** 32)
  routes.sort((a, b) => preference(a.family, a.priority) - preference(b.family, b.priority))
  for (const route of routes) {
    const index = route.link ?? route.nextHops?.[0]?.link
    const link = index === undefined ? undefined : await findLink(stack, index)
    if (link !== undefined) return link.mtu
  }
  return usual
}
