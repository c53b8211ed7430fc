import { NetloomError } from '../../../netlink/index.js'
import type { NetworkStack } from '../../../network-stack.js'
import type { Link } from '../../../rtnetlink/link/index.js'
import { findLink } from '../find-link.js'

export type Bridge = Extract<Link, { readonly kind: 'bridge' }>

/** The bridge of a network, which must be there. */
export async function findBridge(stack: NetworkStack, name: string): Promise<Bridge> {
  const link = await findLink(stack, name)
  if (link?.kind === 'bridge') return link
  const what = link === undefined ? 'is not there' : 'is no bridge'
  throw new NetloomError('ERR_LINK_NOT_FOUND', `the link ${name} of the network ${what}`)
}
