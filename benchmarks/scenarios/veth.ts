import type { Case, Scenario, Sizes } from '../scenario.js'
import { pick } from '../scenario.js'
import { plain } from './plain.js'
import { addPairs } from './preparation.js'
import type { PairState } from './preparation.js'

/** Pairs whose second end lies in another namespace. */
export const veth: Scenario = {
  id: 'veth',
  title: 'veth pairs',
  description:
    'Makes pairs with the second end in another namespace, sets both ends up and gives each second end an ' +
    'address; deletes pairs.',
  cases: (sizes) => [...add(sizes), ...remove(sizes)]
}

const counts = (sizes: Sizes): number[] => pick(sizes, [1, 10, 100, 1_000, 10_000], [1, 20])

/** Ten thousand take long, most of all to get rid of. */
const runs = (count: number): { runs?: number } => (count > 1_000 ? { runs: 2 } : {})

function add(sizes: Sizes): Case[] {
  return counts(sizes).map((count) => ({
    title: `make ${plain(count)} pairs`,
    operation: 'veth-add',
    arguments: { count, index: 1_000 },
    series: 'make veth pairs',
    size: count,
    figures: [
      { title: 'make', path: 'seconds.create', unit: 's' },
      { title: 'a pair', path: 'seconds.create', unit: 's', per: count },
      { title: 'up and address', path: 'seconds.configure', unit: 's' }
    ],
    count,
    perform: async ({ room, start }) => {
      const namespace = await room.other('peers')
      const process = await start({ arguments: { count, namespace: namespace.path, index: 1_000 } })
      return process.measurement()
    },
    ...runs(count)
  }))
}

function remove(sizes: Sizes): Case[] {
  const make = (count: number, state: PairState, series: string): Case => ({
    title: `delete ${plain(count)} pairs that are ${state}`,
    operation: 'veth-delete',
    arguments: { count },
    series,
    size: count,
    figures: [
      { title: 'wall', path: 'seconds.delete', unit: 's' },
      { title: 'a pair', path: 'seconds.delete', unit: 's', per: count }
    ],
    count,
    setting: { prepare: (room) => addPairs(room, count, state) },
    ...runs(count)
  })
  const many = pick(sizes, 1_000, 20)
  return [
    ...counts(sizes).map((count) => make(count, 'up', 'delete veth pairs')),
    make(many, 'down', 'delete veth pairs that are down'),
    make(many, 'up and in a bridge', 'delete veth pairs that are in a bridge')
  ]
}
