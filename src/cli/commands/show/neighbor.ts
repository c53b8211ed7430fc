import type { Command } from 'commander'
import { LinkNames } from '../../format/link-names.js'
import { neighborText } from '../../format/neighbor.js'
import { jsonLines, writeAll } from '../../output/json.js'
import { painter } from '../../paint.js'
import type { Terminal } from '../../terminal.js'
import { showCommand, withFamilies } from './command.js'
import { getLink } from './links.js'
import { type FamilyWords, type NamespaceWords, familyOf, withStack } from './stack.js'

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
      await withStack(words, async (stack) => {
        const link = name === undefined ? undefined : (await getLink(stack, name)).index
        const { all, proxy } = words
        const found = await stack.neighbors.list({ family: familyOf(words), link, proxy })
        const neighbors = all === true ? found : found.filter(({ state }) => state !== 'noarp')
        if (words.json === true) return writeAll(terminal, jsonLines(neighbors))
        const names = new LinkNames(await stack.links.list())
        const paint = painter(terminal.colors)
        await writeAll(
          terminal,
          neighbors.map((neighbor) => `${neighborText(neighbor, names, paint)}\n`)
        )
      })
    })
}
