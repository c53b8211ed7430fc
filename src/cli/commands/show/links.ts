import type { NetlinkConnection } from '../../../netlink/index.js'
import type { Link, Links } from '../../../rtnetlink/link/index.js'
import { LinkNames } from '../../format/link-names.js'
import type { NamespaceWords } from './connection.js'

export async function linksOf(connection: NetlinkConnection): Promise<Links> {
  const { Links } = await import('../../../rtnetlink/link/index.js')
  return new Links(connection)
}

/** Finds a link by its name or an alternative name, and says plainly if there is none. */
export async function getLink(links: Links, name: string): Promise<Link> {
  try {
    return await links.get(name)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENODEV') throw error
    throw new Error(`no link is named ${JSON.stringify(name)}`, { cause: error })
  }
}

/** What links are called in texts, and the namespaces that they lead to. */
export async function namesOf(links: readonly Link[], { namespace }: NamespaceWords): Promise<LinkNames> {
  const { namespaceNames } = await import('../../format/namespace-names.js')
  return new LinkNames(links, await namespaceNames(links, namespace))
}
