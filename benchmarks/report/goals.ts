/** What netloom wants to reach, measured against one run. */
import type { CaseResults, Results } from '../results.js'
import type { Figure } from '../scenario.js'
import { digits, formatTime } from './format.js'
import { summarize } from './summary.js'

export interface Goal {
  readonly what: string
  readonly wanted: string
  readonly got: string
  readonly good: boolean
}

type Chosen = Pick<Figure, 'path' | 'per'> & { readonly worst?: boolean }

/** Those that can be judged by these results. */
export function goals(results: Results): Goal[] {
  const cases = results.scenarios.flatMap((scenario) => scenario.cases)
  return checks.flatMap((check) => {
    const found = cases.find(({ title }) => title === check.title)
    const goal = found === undefined ? undefined : check.judge(found)
    return goal === undefined ? [] : [{ what: check.what ?? check.title, ...goal }]
  })
}

interface Check {
  /** The case. */
  readonly title: string
  readonly what?: string
  judge(results: CaseResults): Omit<Goal, 'what'> | undefined
}

/** One figure of a contender: the median, or of a longest delay the worst. */
function value({ runs }: CaseResults, id: string, { worst = false, ...figure }: Chosen): number | undefined {
  const all = summarize(runs[id], figure)
  return worst ? all?.max : all?.p50
}

/** A time in seconds; `unit` is that of the figure. */
function atMost(title: string, what: string, limit: number, figure: Chosen, unit = 1): Check {
  return {
    title,
    what,
    judge(results) {
      const found = value(results, 'netloom', figure)
      if (found === undefined) return undefined
      const got = found * unit
      return { wanted: `≤ ${formatTime(limit)}`, got: formatTime(got), good: got <= limit }
    }
  }
}

/** netloom's median by that of another one. */
function timesAsLong(title: string, other: string, limit: number, path: string): Check {
  return {
    title,
    what: `${title}, against ${other}`,
    judge(results) {
      const own = value(results, 'netloom', { path })
      const base = value(results, other, { path })
      if (own === undefined || base === undefined) return undefined
      return { wanted: `≤ ${limit} ×`, got: `${digits(own / base)} ×`, good: own / base <= limit }
    }
  }
}

/** How many times as fast as another one. */
function timesAsFast(title: string, other: string, limit: number, path: string, what = title): Check {
  return {
    title,
    what: `${what}, against ${other}`,
    judge(results) {
      const own = value(results, 'netloom', { path })
      const base = value(results, other, { path })
      if (own === undefined || base === undefined) return undefined
      return {
        wanted: `≥ ${limit} × as fast`,
        got: `${digits(base / own)} × as fast`,
        good: base / own >= limit
      }
    }
  }
}

/** Faster than every one but the floor. */
function fastest(title: string, path: string): Check {
  return {
    title,
    what: `${title}, against every peer`,
    judge(results) {
      const own = value(results, 'netloom', { path })
      const peers = Object.keys(results.runs).filter((id) => !id.startsWith('netloom') && id !== 'floor')
      const best = peers
        .map((id) => ({ id, time: value(results, id, { path }) ?? Infinity }))
        .sort((a, b) => a.time - b.time)[0]
      if (own === undefined || best === undefined) return undefined
      const got = `the fastest, ${best.id}, takes ${digits(best.time / own)} × as long`
      return { wanted: 'faster', got, good: own < best.time }
    }
  }
}

function growth(title: string, limit: number, id = 'netloom'): Check {
  return {
    title,
    what: `${title}, growth of memory${id === 'netloom' ? '' : `, ${id}`}`,
    judge(results) {
      const got = value(results, id, { path: 'growth', worst: true })
      if (got === undefined) return undefined
      return { wanted: `≤ ${limit} MiB`, got: `${digits(got / 1024)} MiB`, good: got <= limit * 1024 }
    }
  }
}

/** The time above the floor's, in seconds. */
function above(title: string, limit: number, path: string, unit: number): Check {
  return {
    title,
    what: `${title}, above the floor`,
    judge(results) {
      const own = value(results, 'netloom', { path })
      const base = value(results, 'floor', { path })
      if (own === undefined || base === undefined) return undefined
      const more = (own - base) * unit
      return { wanted: `≤ ${formatTime(limit)}`, got: formatTime(more), good: more <= limit }
    }
  }
}

const none = (title: string, path: string, what: string, limit: number, unit: string): Check => ({
  title,
  what: `${title}, ${what}`,
  judge(results) {
    const got = value(results, 'netloom', { path, worst: true })
    if (got === undefined) return undefined
    return { wanted: `≤ ${limit} ${unit}`, got: `${got} ${unit}`, good: got <= limit }
  }
})

const adding = ['add 100,000 IPv4 routes', 'add 500,000 IPv4 routes']

const oneTable = 'read one table of 1,000 among 300,000 IPv4 routes'
const oneContainer = 'one container after another'
const manyPorts = 'one sandbox with 1,000 published ports'
const manyQueries = '20,000 queries a second for a local name'
const deadUpstream = 'the first upstream server is dead'
const onePort = 'connect and disconnect, one published port'
const nftBulk = ['add 1,000 rules', 'make a set of 100,000 elements', 'make a NAT map of 10,000 elements']

const checks: readonly Check[] = [
  atMost('route, IPv4', 'encode an IPv4 route', 120e-9, { path: 'seconds.encode' }),
  atMost('route, IPv4', 'decode an IPv4 route', 250e-9, { path: 'seconds.decode' }),
  atMost('link', 'encode a link', 400e-9, { path: 'seconds.encode' }),
  atMost('address, IPv4', 'encode an address', 400e-9, { path: 'seconds.encode' }),
  ...adding.flatMap((title) => [
    timesAsLong(title, 'floor', 1.1, 'seconds.add'),
    timesAsFast(title, 'iproute2-batch', 2, 'seconds.add'),
    fastest(title, 'seconds.add'),
    {
      title,
      what: `${title}, the event loop's longest delay`,
      judge: (results: CaseResults) => {
        const got = value(results, 'netloom', { path: 'loop.max', worst: true })
        return got === undefined
          ? undefined
          : { wanted: '≤ 5 ms', got: formatTime(got / 1e3), good: got <= 5 }
      }
    }
  ]),
  timesAsLong('stream 500,000 IPv4 routes', 'floor', 1.3, 'seconds.stream'),
  timesAsLong('list 500,000 IPv4 routes', 'floor', 2.6, 'seconds.list'),
  timesAsFast('stream 500,000 IPv4 routes', 'iproute2-batch', 2, 'seconds.stream'),
  timesAsFast('list 500,000 IPv4 routes', 'iproute2-batch', 2, 'seconds.list'),
  atMost(oneTable, oneTable, 2e-3, { path: 'samples.table.p50' }, 1e-6),
  growth('stream 1,000,000 IPv4 routes', 64),
  growth('list 1,000,000 IPv4 routes', 64, 'netloom-packed'),
  growth('add 1,000,000 IPv4 routes', 64, 'netloom-packed'),
  timesAsLong('make 1,000 pairs', 'floor', 1.1, 'seconds.create'),
  timesAsLong('make 1,000 pairs', 'iproute2-batch', 1, 'seconds.create'),
  timesAsFast('make 1,000 pairs', 'iproute2-fork', 6, 'seconds.create'),
  timesAsLong('delete 1,000 pairs that are down', 'floor', 1.1, 'seconds.delete'),
  timesAsLong('delete 1,000 pairs that are up', 'floor', 1.1, 'seconds.delete'),
  timesAsLong('delete 1,000 pairs that are up and in a bridge', 'floor', 1.1, 'seconds.delete'),
  atMost('delete 1,000 pairs beside somebody else', 'the longest stall of another namespace', 0.12, {
    path: 'extra.stall',
    worst: true
  }),
  above('read one link', 25e-6, 'samples.get.p50', 1e-6),
  above('add one route', 25e-6, 'samples.add.p50', 1e-6),
  timesAsFast(oneContainer, 'iproute2-fork', 5, 'samples.add.p50'),
  atMost(oneContainer, 'removing a container returns', 1e-3, { path: 'samples.remove.p50' }, 1e-6),
  timesAsFast(onePort, 'netavark', 10, 'samples.connect.p50', 'connect with one published port'),
  timesAsFast(onePort, 'netavark', 20, 'samples.disconnect.p50', 'disconnect with one published port'),
  {
    title: 'the same beside 200 others with published ports',
    what: 'connect beside 200 others with published ports, against the first',
    judge(results) {
      const got = value(results, 'netloom', { path: 'samples.connect.p50' })
      const base = value(results, 'netloom', { path: 'samples.first.p50' })
      if (got === undefined || base === undefined) return undefined
      return { wanted: '≤ 1.2 ×', got: `${digits(got / base)} ×`, good: got / base <= 1.2 }
    }
  },
  atMost(
    manyPorts,
    'connect a sandbox with 1,000 published ports',
    0.05,
    { path: 'samples.connect.p50' },
    1e-6
  ),
  atMost(manyQueries, `${manyQueries}, p99`, 5e-3, { path: 'samples.answer.p99' }, 1e-6),
  none(manyQueries, 'extra.lost', 'lost', 0, 'queries'),
  atMost(deadUpstream, deadUpstream, 0.3, { path: 'samples.first.p50', worst: true }, 1e-6),
  none('100 lists at once, 20 times', 'extra.threadGrowth', 'more threads', 0, 'threads'),
  none('100 lists at once, 20 times', 'extra.memoryGrowth', 'more memory', 4096, 'KiB'),
  timesAsFast('add one rule', 'nft', 3, 'samples.rule.p50'),
  ...nftBulk.map((title) => fastest(title, 'seconds.commit')),
  fastest('read 1,000 rules and a set of 10,000 elements', 'seconds.list')
]
