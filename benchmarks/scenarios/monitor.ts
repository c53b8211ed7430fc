import { ContenderError } from '../contender-process.js'
import type { Measurement } from '../measurement.js'
import type { Case, Figure, Scenario, Sizes, Stage } from '../scenario.js'
import { pick } from '../scenario.js'
import { plain } from './plain.js'
import { addRoutes } from './preparation.js'

/** Events, and what happens when there are too many. */
export const monitor: Scenario = {
  id: 'monitor',
  title: 'Monitor',
  description:
    'One process adds and deletes routes, at a given pace or as fast as it can, while the contender follows. ' +
    'The kernel drops events when the receive buffer is full; what was lost, and how long after the last ' +
    'change the contender knew of it, is told. The floor counts datagrams and reads the table anew after a ' +
    'loss; netloom reads it anew and tells the difference; `ip monitor` goes on, and has a buffer of 1 MiB ' +
    'where the others have the default of the kernel.',
  cases: (sizes) => [...paced(sizes), ...flood(sizes), ...resync(sizes)]
}

const figures: readonly Figure[] = [
  { title: 'lost', path: 'extra.lost', unit: 'share' },
  { title: 'delivered', path: 'extra.rate', unit: 'per second' },
  { title: 'knew the last change after', path: 'seconds.lag', unit: 's' }
]

/** Up to which pace nothing is lost, with the buffer that each has by default. */
function paced(sizes: Sizes): Case[] {
  const rates = pick(sizes, [1_000, 3_000, 10_000, 30_000, 60_000, 100_000, 150_000], [1_000])
  return rates.map((rate) => ({
    ...follow({ count: Math.max(rate, 1_000) * pick(sizes, 1, 0.2), rate }),
    title: `${plain(rate)} events a second`,
    series: 'events by pace',
    size: rate,
    figures,
    runs: 3
  }))
}

/** At full speed, by receive buffer. */
function flood(sizes: Sizes): Case[] {
  return pick(sizes, [0, 1, 8, 32], [0]).map((mebibytes) => ({
    ...follow({ count: pick(sizes, 200_000, 2_000), buffer: mebibytes << 20 }),
    title: `as many as the kernel makes, ${mebibytes === 0 ? 'its default buffer' : `a buffer of ${mebibytes} MiB`}`,
    series: 'events at full speed',
    size: mebibytes,
    figures,
    runs: 3
  }))
}

/** How long it takes to know everything again. */
function resync(sizes: Sizes): Case[] {
  return pick(sizes, [1_000, 10_000, 100_000], [100]).map((size) => ({
    ...follow({ count: pick(sizes, 100_000, 2_000), first: size }),
    operation: 'monitor-resync',
    title: `as many as the kernel makes, beside ${plain(size)} routes that stay`,
    series: 'resync by size of the table',
    size,
    figures: [figures[2]!, figures[0]!, figures[1]!],
    runs: 3,
    setting: { prepare: (room) => addRoutes(room, { family: 'inet', count: size }) }
  }))
}

interface Churn {
  readonly count: number
  /** Events a second; without it as fast as possible. */
  readonly rate?: number
  /** Bytes of receive buffer; 0 for the kernel's default. */
  readonly buffer?: number
  /** The number of the first route that comes and goes. */
  readonly first?: number
}

function follow({ count, rate = 0, buffer = 0, first = 0 }: Churn) {
  return {
    operation: 'monitor',
    arguments: { buffer },
    beside: ['churn'],
    work: 1,
    perform: ({ start, floor }: Stage) =>
      performTogether(
        () => start({}),
        () => start({ contender: floor, operation: 'churn', arguments: { first, count, rate } })
      )
  }
}

/** Seconds that a follower has for what it still has to read. */
const longestLag = 15

async function performTogether(
  startFollower: () => ReturnType<Stage['start']>,
  startChurn: () => ReturnType<Stage['start']>
): Promise<Measurement> {
  const follower = await startFollower()
  if ((await follower.ready) !== 'ready') throw new ContenderError('its first line is not "ready"')
  const made = await (await startChurn()).measurement()
  // One that lost the last change, and doesn't notice, would wait for ever.
  const timer = setTimeout(() => follower.finish(), longestLag * 1000)
  const seen = await follower.measurement().finally(() => clearTimeout(timer))
  const { follow, at: known } = seen.seconds
  const { churn, at: changed } = made.seconds
  return {
    ...seen,
    seconds: {
      follow: follow!,
      churn: churn!,
      ...(known === undefined ? {} : { lag: known - changed! })
    },
    extra: {
      ...seen.extra,
      made: made.count,
      pace: made.count / churn!,
      lost: 1 - seen.count / made.count,
      rate: seen.count / follow!
    }
  }
}
