import type { Case, Figure, Scenario, Setting, Sizes } from '../scenario.js'
import { pick } from '../scenario.js'
import { plain } from './plain.js'
import { addRoutes, familyNames } from './preparation.js'
import type { Family } from './preparation.js'

/** Large tables: adding, deleting, and reading them. */
export const routes: Scenario = {
  id: 'routes',
  title: 'Routes',
  description:
    'Adds, reads and deletes so many routes by one gateway. Listed routes are all kept as objects of the ' +
    'library, streamed ones are looked at and dropped; the floor reads the datagrams and decodes nothing.',
  cases: (sizes) => [
    ...write(sizes, 'add'),
    ...write(sizes, 'delete'),
    ...read(sizes),
    ...calls(sizes),
    ...table(sizes)
  ]
}

const counts = (sizes: Sizes, family: Family): number[] =>
  pick(
    sizes,
    family === 'inet' ? [1_000, 10_000, 100_000, 500_000, 1_000_000] : [100_000, 500_000],
    family === 'inet' ? [200, 1_000] : [1_000]
  )

const families: readonly Family[] = ['inet', 'inet6']

const wall = (part: string, count: number): Figure[] => [
  { title: 'wall', path: `seconds.${part}`, unit: 's' },
  { title: 'a route', path: `seconds.${part}`, unit: 's', per: count }
]

function write(sizes: Sizes, part: 'add' | 'delete'): Case[] {
  return families.flatMap((family) =>
    counts(sizes, family)
      .filter((count) => part === 'add' || count <= 500_000)
      .map((count) => ({
        title: `${part} ${plain(count)} ${familyNames[family]} routes`,
        operation: `routes-${part}`,
        arguments: { family, count },
        series: `${part} ${familyNames[family]} routes`,
        size: count,
        figures: wall(part, count),
        count,
        ...runs(count),
        ...(part === 'delete' ? { setting: { prepare: (room) => addRoutes(room, { family, count }) } } : {})
      }))
  )
}

/** A million takes long, and every measured run needs a new million. */
const runs = (count: number): { runs?: number } => (count > 500_000 ? { runs: 3 } : {})

/** Reading changes nothing, so all read the same table. */
function read(sizes: Sizes): Case[] {
  return families.flatMap((family) =>
    counts(sizes, family).flatMap((count) =>
      (['list', 'stream'] as const).map((part) => ({
        title: `${part} ${plain(count)} ${familyNames[family]} routes`,
        operation: `routes-${part}`,
        arguments: { family, count },
        series: `${part} ${familyNames[family]} routes`,
        size: count,
        figures: wall(part, count),
        count,
        setting: {
          shared: `${count} ${family}`,
          prepare: (room) => addRoutes(room, { family, count })
        } satisfies Setting
      }))
    )
  )
}

/** How much is gained by giving many routes to one call. */
function calls(sizes: Sizes): Case[] {
  const count = pick(sizes, 20_000, 500)
  return pick(sizes, [1, 4, 16, 64, 256, 1024, 4096, 16_384], [1, 64]).map((size) => ({
    title: `add ${plain(count)} IPv4 routes, ${plain(size)} at a time`,
    operation: 'routes-add-calls',
    arguments: { family: 'inet', count, size },
    series: 'add IPv4 routes by batch size',
    size,
    work: count,
    figures: wall('add', count),
    count
  }))
}

/** One table among many: where the kernel can filter, it needn't read the others. */
function table(sizes: Sizes): Case[] {
  const tables = pick(sizes, 300, 3)
  const each = pick(sizes, 1_000, 50)
  const firstTable = 1_000
  const repeat = pick(sizes, 100, 3)
  const prepare: Setting['prepare'] = async (room) => {
    for (let i = 0; i < tables; i++) {
      await addRoutes(room, { family: 'inet', count: each, first: i * each, table: firstTable + i })
    }
  }
  return [
    {
      title: `read one table of ${plain(each)} among ${plain(tables * each)} IPv4 routes`,
      operation: 'routes-table',
      arguments: { family: 'inet', table: firstTable + (tables >> 1), repeat },
      series: 'read one table',
      size: tables * each,
      figures: [
        { title: 'median', path: 'samples.table.p50', unit: 'µs' },
        { title: 'p99', path: 'samples.table.p99', unit: 'µs' }
      ],
      count: repeat * each,
      setting: { shared: 'tables', prepare }
    }
  ]
}
