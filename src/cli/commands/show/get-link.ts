import type { NetworkStack } from '../../../network-stack.js'
import type { Link } from '../../../rtnetlink/link/index.js'

/** Finds a link by its name or an alternative name, and says plainly if there is none. */
export async function getLink(stack: NetworkStack, name: string): Promise<Link> {
  try {
    return await stack.links.get(name)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENODEV') throw error
    throw new Error(`no link is named ${JSON.stringify(name)}`, { cause: error })
  }
}
