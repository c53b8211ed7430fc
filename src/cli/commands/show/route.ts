import type { Command } from 'commander'
import type { Route } from '../../../rtnetlink/route/index.js'
import { LinkNames } from '../../format/link-names.js'
import { routeText } from '../../format/route.js'
import { jsonLines, writeAll } from '../../output/json.js'
import { type Paint, painter } from '../../paint.js'
import type { Terminal } from '../../terminal.js'
import { showCommand, withFamilies } from './command.js'
import { type FamilyWords, type NamespaceWords, familyOf, withStack } from './stack.js'

interface Words extends NamespaceWords, FamilyWords {
  readonly json?: boolean
  readonly table?: string
  readonly link?: string
  readonly protocol?: string
}

export function routeShow(terminal: Terminal): Command {
  return withFamilies(showCommand('routes; of IPv4, unless -6 is given'))
    .argument('[destination]', 'those to exactly this prefix, or default')
    .option('-t, --table <table>', 'a routing table by number or name, or all (default: main)')
    .option('--link <link>', 'those that leave by this link')
    .option('--protocol <protocol>', 'those that it made: kernel, static, bgp, …')
    .action(async (destination: string | undefined, words: Words) => {
      await withStack(words, async (stack) => {
        const filter = {
          destination,
          family: familyOf(words, isOfAnyFamily(destination, words) ? undefined : 'inet'),
          table: words.table === undefined ? undefined : tableOf(words.table),
          link: words.link,
          protocol: words.protocol as Route['protocol'] | undefined
        }
        // A table may be very large: it is printed while it is read.
        const routes = stack.routes.iterate(filter)
        if (words.json === true) return writeAll(terminal, jsonLines(routes))
        const names = new LinkNames(await stack.links.list())
        await writeAll(terminal, lines(routes, names, painter(terminal.colors)))
      })
    })
}

/** A destination tells the family itself, and `all` means all. */
function isOfAnyFamily(destination: string | undefined, { table }: Words): boolean {
  return destination?.includes(':') === true || table === 'all'
}

function tableOf(text: string): number | string {
  return /^[0-9]+$/.test(text) ? Number(text) : text
}

async function* lines(routes: AsyncIterable<Route>, names: LinkNames, paint: Paint): AsyncGenerator<string> {
  for await (const route of routes) yield `${routeText(route, names, paint)}\n`
}
