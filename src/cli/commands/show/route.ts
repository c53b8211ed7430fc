import type { Command } from 'commander'
import type { Route } from '../../../rtnetlink/route/index.js'
import { LinkNames } from '../../format/link-names.js'
import { type FamilyWords, familyOf, withFamilies } from '../../options/family.js'
import { jsonLines, writeAll } from '../../output/json.js'
import { painter } from '../../paint.js'
import type { Terminal } from '../../terminal.js'
import { showCommand } from './command.js'
import { type NamespaceWords, withConnection } from './connection.js'
import { linksOf } from './links.js'

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
      await withConnection(words, async (connection) => {
        const { Routes } = await import('../../../rtnetlink/route/index.js')
        const filter = {
          destination,
          family: familyOf(words, isOfAnyFamily(destination, words) ? undefined : 'inet'),
          table: words.table === undefined ? undefined : tableOf(words.table),
          link: words.link,
          protocol: words.protocol as Route['protocol'] | undefined
        }
        // A table may be very large: it is printed while it is read.
        const routes = new Routes(connection).iterate(filter)
        if (words.json === true) return writeAll(terminal, jsonLines(routes))
        const paint = painter(terminal.colors)
        const names = new LinkNames(await (await linksOf(connection)).list())
        const { routeText } = await import('../../format/route.js')
        await writeAll(
          terminal,
          lines(routes, (route) => routeText(route, names, paint))
        )
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

async function* lines(routes: AsyncIterable<Route>, text: (route: Route) => string): AsyncGenerator<string> {
  for await (const route of routes) yield `${text(route)}\n`
}
