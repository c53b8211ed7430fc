import type { Command } from 'commander'
import type { Address } from '../../../rtnetlink/address/index.js'
import type { Link } from '../../../rtnetlink/link/index.js'
import { addressText } from '../../format/address.js'
import { alternativeNameLines, hardwareText, headText } from '../../format/link.js'
import type { LinkNames } from '../../format/link-names.js'
import { type FamilyWords, familyOf, withFamilies } from '../../options/family.js'
import { jsonLines, writeAll } from '../../output/json.js'
import { type Paint, painter } from '../../paint.js'
import type { Terminal } from '../../terminal.js'
import { showCommand } from './command.js'
import { getLink, linksOf, namesOf } from './links.js'
import { type NamespaceWords, withConnection } from './connection.js'

interface Words extends NamespaceWords, FamilyWords {
  readonly json?: boolean
}

export function addressShow(terminal: Terminal): Command {
  return withFamilies(showCommand('addresses'))
    .argument('[link]', 'those of one link')
    .action(async (name: string | undefined, words: Words) => {
      await withConnection(words, async (connection) => {
        const links = await linksOf(connection)
        const { Addresses } = await import('../../../rtnetlink/address/index.js')
        const family = familyOf(words)
        const all = await links.list()
        const chosen = name === undefined ? all : [await getLink(links, name)]
        const addresses = await new Addresses(connection).list({
          family,
          link: name === undefined ? undefined : chosen[0]?.index
        })
        if (words.json === true) return writeAll(terminal, jsonLines(addresses))
        const names = await namesOf(all, words)
        const paint = painter(terminal.colors)
        const blocks = chosen.map((link) => {
          const own = addresses.filter((address) => address.link === link.index)
          // Of one family only the links that have addresses of it, as `ip -4 address`.
          return family !== undefined && own.length === 0
            ? ''
            : block(link, own, family === undefined, names, paint)
        })
        await writeAll(terminal, blocks)
      })
    })
}

function block(
  link: Link,
  addresses: readonly Address[],
  hardware: boolean,
  names: LinkNames,
  paint: Paint
): string {
  const lines = [
    headText(link, names, paint, false),
    ...(hardware ? [hardwareText(link, names, paint), ...alternativeNameLines(link)] : []),
    ...addresses.map((address) => addressText(address, paint))
  ]
  return `${lines.join('\n')}\n`
}
