import type { Command } from 'commander'
import { LinkNames } from '../../format/link-names.js'
import { neighborText } from '../../format/neighbor.js'
import { type FamilyWords, familyOf, withFamilies } from '../../options/family.js'
import { jsonLines, writeAll } from '../../output/json.js'
import { painter } from '../../paint.js'
import type { Terminal } from '../../terminal.js'
import { showCommand } from './command.js'
import { getLink, linksOf } from './links.js'
import { type NamespaceWords, withConnection } from './connection.js'

interface Words extends NamespaceWords, FamilyWords {
  readonly json?: boolean
  readonly all?: boolean
  readonly proxy?: boolean
}

export function neighborShow(terminal: Terminal): Command {
  return withFamilies(showCommand('neighbours'))
    .argument('[link]', 'those behind one link')
    .option('-a, --all', 'also those that need no resolution, such as multicast groups')
    .option('--proxy', 'the addresses that links answer for instead')
    .action(async (name: string | undefined, words: Words) => {
      await withConnection(words, async (connection) => {
        const links = await linksOf(connection)
        const { Neighbors } = await import('../../../rtnetlink/neighbor/index.js')
        const link = name === undefined ? undefined : (await getLink(links, name)).index
        const { all, proxy } = words
        const found = await new Neighbors(connection).list({ family: familyOf(words), link, proxy })
        const neighbors = all === true ? found : found.filter(({ state }) => state !== 'noarp')
        if (words.json === true) return writeAll(terminal, jsonLines(neighbors))
        const names = new LinkNames(await links.list())
        const paint = painter(terminal.colors)
        await writeAll(
          terminal,
          neighbors.map((neighbor) => `${neighborText(neighbor, names, paint)}\n`)
        )
      })
    })
}
