import type { Scenario } from '../scenario.js'
import { pick } from '../scenario.js'
import { plain } from './plain.js'
import { addPairs } from './preparation.js'

/** What a large deletion does to everybody else. */
export const stall: Scenario = {
  id: 'stall',
  title: 'Stalls elsewhere',
  description:
    'Deletes pairs while a process in a namespace that has nothing to do with them adds and removes an ' +
    'address: the longest that it had to wait. The kernel has one routing lock for all namespaces.',
  cases(sizes) {
    const count = pick(sizes, 1_000, 20)
    return [
      {
        title: `delete ${plain(count)} pairs beside somebody else`,
        operation: 'veth-delete',
        arguments: { count },
        series: 'stall',
        size: count,
        figures: [
          { title: 'longest stall', path: 'extra.stall', unit: 's' },
          { title: 'wall', path: 'seconds.delete', unit: 's' }
        ],
        count,
        setting: { prepare: (room) => addPairs(room, count, 'up') },
        beside: ['stall-probe'],
        async perform({ start, floor }) {
          const probe = await start({
            contender: floor,
            operation: 'stall-probe',
            arguments: {},
            elsewhere: true
          })
          await probe.ready
          const measurement = await (await start({})).measurement()
          probe.finish()
          const { seconds } = await probe.measurement()
          return { ...measurement, extra: { ...measurement.extra, stall: seconds['longest']! } }
        }
      }
    ]
  }
}
