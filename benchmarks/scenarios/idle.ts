import type { Scenario } from '../scenario.js'
import { pick } from '../scenario.js'

/** What many stacks that do little cost. */
export const idle: Scenario = {
  id: 'idle',
  title: 'Idle stacks',
  description:
    'Lists the links of 100 open stacks at once, again and again: threads and memory must not grow.',
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
      }
    ]
  }
}
