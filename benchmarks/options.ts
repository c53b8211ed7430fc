import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

export interface Options {
  /** Install the peers and build everything, and measure nothing. */
  readonly setup: boolean
  /** Write the report of results that are there already, and measure nothing. */
  readonly report: string | undefined
  /** Scenarios and contenders (their folders' names); all when absent. */
  readonly scenarios: readonly string[] | undefined
  readonly contenders: readonly string[] | undefined
  /** What the titles of cases must contain, one of these; all when absent. */
  readonly cases: readonly string[] | undefined
  /** Keep what the results file of this day holds already, apart from what is measured now. */
  readonly add: boolean
  /** Measured runs of each contender, after one that warms up. */
  readonly runs: number
  /** Small sizes: to see that everything works, not how fast. */
  readonly quick: boolean
  /** Where results and reports go. */
  readonly out: string
}

export const usage = `npm run bench -- [OPTION...]

  --setup               build the floor and netloom, and install the peers from their registries
  --scenario NAME,...   only these
  --contender NAME,...  only these, by the names of their folders
  --case TEXT           only cases whose title contains this; it can be repeated
  --add                 add to the results of this day, or replace what is measured anew
  --runs N              measured runs of each, after one that warms up (default 5)
  --quick               small sizes, no warm-up: to see that everything works, not how fast
  --out FOLDER          where results go (default benchmarks/results)
  --report FILE         write table and plots of these results anew
`

/** Reads the command line. Throws a `TypeError` for what is no option. */
export function parseOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      setup: { type: 'boolean', default: false },
      report: { type: 'string' },
      scenario: { type: 'string' },
      contender: { type: 'string' },
      case: { type: 'string', multiple: true },
      add: { type: 'boolean', default: false },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' }
    }
  })
  const runs = Number(values.runs ?? (values.quick ? 1 : 5))
  if (!Number.isInteger(runs) || runs < 1)
    throw new TypeError(`--runs takes a number from 1, not ${values.runs}`)
  return {
    setup: values.setup,
    report: values.report,
    scenarios: values.scenario?.split(','),
    contenders: values.contender?.split(','),
    cases: values.case,
    add: values.add,
    runs,
    quick: values.quick,
    out: values.out ?? fileURLToPath(new URL('results', import.meta.url))
  }
}
