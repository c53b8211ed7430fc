import type { NetworkStack } from '../../network-stack.js'
import type { LinkRef } from '../../rtnetlink/link-ref.js'
import type { Link } from '../../rtnetlink/link/index.js'
import { hasCode } from '../errors/has-code.js'

/** A link, if it is there. */
export async function findLink(stack: NetworkStack, link: LinkRef): Promise<Link | undefined> {
  try {
    return await stack.links.get(link)
  } catch (error) {
    if (hasCode(error, 'ENODEV')) return undefined
    throw error
  }
}

/** Deletes a link, if it is there. */
export async function deleteLink(stack: NetworkStack, link: LinkRef): Promise<void> {
  try {
    await stack.links.delete(link)
  } catch (error) {
    if (!hasCode(error, 'ENODEV')) throw error
  }
}
