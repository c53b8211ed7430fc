import type { Room } from '../room.js'
import type { Case, Scenario, Sizes } from '../scenario.js'
import { pick } from '../scenario.js'
import { plain } from './plain.js'
import { addPairs, switchOffIpv6 } from './preparation.js'
import type { PairState } from './preparation.js'

/** Pairs whose second end lies in another namespace. */
export const veth: Scenario = {
  id: 'veth',
  title: 'veth pairs',
  description:
    'Makes pairs with the second end in another namespace, sets both ends up and gives each second end an ' +
    'address; deletes pairs. A link that is up gets IPv6 addresses of its own accord, for which the kernel ' +
    'walks all IPv6 routes: from a thousand links on that costs more than the links. So it is switched off ' +
    'where the cost is shown as the number grows.',
  cases: (sizes) => [
    make(pick(sizes, 1_000, 20), withIpv6),
    ...states.map((state) => remove(pick(sizes, 1_000, 20), state, withIpv6)),
    ...counts(sizes).map((count) => make(count, withoutIpv6)),
    ...counts(sizes).map((count) => remove(count, 'up', withoutIpv6))
  ]
}

const states: readonly PairState[] = ['down', 'up', 'up and in a bridge']

const counts = (sizes: Sizes): number[] => pick(sizes, [1, 10, 100, 1_000, 10_000], [1])

interface Ipv6 {
  /** Behind titles. */
  readonly words: string
  prepare(room: Room): Promise<void>
}

const withIpv6: Ipv6 = { words: '', prepare: () => Promise.resolve() }
const withoutIpv6: Ipv6 = { words: ', without IPv6', prepare: switchOffIpv6 }

/** Ten thousand take long. */
const runs = (count: number): { runs?: number } => (count > 1_000 ? { runs: 2 } : {})

function make(count: number, { words, prepare }: Ipv6): Case {
  return {
    title: `make ${plain(count)} pairs${words}`,
    operation: 'veth-add',
    arguments: { count, index: 1_000 },
    series: `make veth pairs${words}`,
    size: count,
    figures: [
      { title: 'make', path: 'seconds.create', unit: 's' },
      { title: 'a pair', path: 'seconds.create', unit: 's', per: count },
      { title: 'up and address', path: 'seconds.configure', unit: 's' }
    ],
    count,
    setting: { prepare },
    perform: async ({ room, start }) => {
      const namespace = await room.other('peers')
      const process = await start({ arguments: { count, namespace: namespace.path, index: 1_000 } })
      return process.measurement()
    },
    ...runs(count)
  }
}

function remove(count: number, state: PairState, { words, prepare }: Ipv6): Case {
  return {
    title: `delete ${plain(count)} pairs that are ${state}${words}`,
    operation: 'veth-delete',
    arguments: { count },
    series: `delete veth pairs that are ${state}${words}`,
    size: count,
    figures: [
      { title: 'wall', path: 'seconds.delete', unit: 's' },
      { title: 'a pair', path: 'seconds.delete', unit: 's', per: count }
    ],
    count,
    setting: {
      async prepare(room) {
        await prepare(room)
        await addPairs(room, count, state)
      }
    },
    ...runs(count)
  }
}
