import type { Command } from 'commander'
import { linkText } from '../../format/link.js'
import { jsonLines, writeAll } from '../../output/json.js'
import { painter } from '../../paint.js'
import type { Terminal } from '../../terminal.js'
import { showCommand } from './command.js'
import { getLink, linksOf, namesOf } from './links.js'
import { type NamespaceWords, withConnection } from './connection.js'

interface Words extends NamespaceWords {
  readonly json?: boolean
  readonly master?: string
  readonly kind?: string
  readonly up?: boolean
}

export function linkShow(terminal: Terminal): Command {
  return showCommand('links')
    .argument('[link]', 'one link, by its name or an alternative name')
    .option('--master <link>', 'the ports of this bridge or bond')
    .option('--kind <kind>', 'links of a kind, such as veth')
    .option('--up', 'links that are up')
    .action(async (name: string | undefined, words: Words) => {
      await withConnection(words, async (connection) => {
        const links = await linksOf(connection)
        const { master, kind, up } = words
        const all = await links.list()
        const chosen =
          name !== undefined
            ? [await getLink(links, name)]
            : master === undefined && kind === undefined && up === undefined
              ? all
              : await links.list({ master, kindName: kind, up })
        if (words.json === true) return writeAll(terminal, jsonLines(chosen))
        const names = await namesOf(all, words)
        const paint = painter(terminal.colors)
        await writeAll(
          terminal,
          chosen.map((link) => `${linkText(link, names, paint)}\n`)
        )
      })
    })
}
