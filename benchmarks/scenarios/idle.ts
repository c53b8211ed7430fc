import type { Case, Scenario } from '../scenario.js'
import { pick } from '../scenario.js'
import { plain } from './plain.js'

/** What many stacks that do little cost. */
export const idle: Scenario = {
  id: 'idle',
  title: 'Idle stacks',
  description:
    'Lists the links of 100 open stacks at once, again and again: threads and memory must not grow. And the ' +
    'delay of an event loop that has nothing to do, in a process beside the floor that adds routes: what ' +
    'the machine alone delays, to compare the delays of the other scenarios with.',
  cases(sizes) {
    const count = pick(sizes, 100, 10)
    const rounds = pick(sizes, 20, 2)
    return [
      {
        title: `${count} lists at once, ${rounds} times`,
        operation: 'idle-lists',
        arguments: { count, rounds },
        series: 'idle',
        size: count,
        figures: [
          { title: 'threads more', path: 'extra.threadGrowth', unit: 'number' },
          { title: 'memory more', path: 'extra.memoryGrowth', unit: 'KiB' },
          { title: 'threads', path: 'extra.threads', unit: 'number' },
          { title: 'wall', path: 'seconds.list', unit: 's' }
        ],
        count: count * rounds
      },
      besideAdds(pick(sizes, 500_000, 1_000))
    ]
  }
}

function besideAdds(count: number): Case {
  return {
    title: `an idle event loop while the floor adds ${plain(count)} IPv4 routes`,
    operation: 'loop-probe',
    arguments: {},
    series: 'idle loop',
    size: count,
    figures: [
      { title: 'longest', path: 'loop.max', unit: 'ms' },
      { title: 'p99', path: 'loop.p99', unit: 'ms' }
    ],
    beside: ['routes-add'],
    async perform({ start, floor }) {
      const probe = await start({})
      await probe.ready
      const adds = { contender: floor, operation: 'routes-add', arguments: { family: 'inet', count } }
      await (await start(adds)).measurement()
      probe.finish()
      return probe.measurement()
    }
  }
}
