/** Processes and worker threads that end with calls in flight: no crash, no hang, no leak. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { preload } from './plain.js'

const script = fileURLToPath(new URL('scenarios/terminate.mjs', import.meta.url))
const suppressions = fileURLToPath(new URL('scenarios/leaks.txt', import.meta.url))
/** Sanitizers are slow, and an emulated machine is 10 to 40 times slower. */
const patience =
  30_000 * (preload === undefined ? 1 : 4) * (process.env['VM_RUN_GUEST'] === undefined ? 1 : 10)

/**
 * What a sanitizer says of us. Node.js itself is compiled without TSan, which therefore misses some of its locks
 * and takes their users for racing: a race counts if the addon is on both sides of it.
 */
function ours(errors: string): string {
  if (!errors.includes('ThreadSanitizer')) return errors
  const counts = (report: string): boolean => {
    const accesses = report.split(/\n\s*\n/).filter((part) => /(read|write) of size/i.test(part))
    if (accesses.length > 0) return accesses.every((access) => access.includes('netloom.node'))
    return report.includes('netloom.node') || !report.includes('ThreadSanitizer')
  }
  return errors.split(/^=+\n/m).filter(counts).join('').trim()
}

interface Outcome {
  readonly status: number | null
  readonly signal: string | null
  readonly output: string
  readonly errors: string
}

/** Without the runtime's own clean-up, which process.exit spares, all that it holds looks leaked. */
const leaks = (how: string) => (how === 'exit' ? 0 : 1)

function terminate(how: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, how], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        ...(preload === undefined
          ? {}
          : {
              LD_PRELOAD: preload,
              ASAN_OPTIONS: `detect_leaks=${leaks(how)}:exitcode=99`,
              LSAN_OPTIONS: `suppressions=${suppressions}:print_suppressions=0`,
              UBSAN_OPTIONS: 'print_stacktrace=1',
              TSAN_OPTIONS: 'exitcode=0:report_signal_unsafe=0'
            })
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: patience,
      killSignal: 'SIGKILL'
    })
    let output = ''
    let errors = ''
    child.stdout.on('data', (data: Buffer) => (output += data.toString()))
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, output, errors: ours(errors) }))
  })
}

describe('with calls in flight', () => {
  it.each([
    ['a process that calls process.exit', 'exit'],
    ['a process that closes everything and ends', 'end'],
    ['a process that closes nothing and ends', 'abandon'],
    ['worker threads that are terminated, where nobody else has the addon', 'worker'],
    ['worker threads that are terminated, beside a main thread that uses it', 'both']
  ])(
    '%s',
    async (_, how) => {
      expect(await terminate(how)).toEqual({ status: 0, signal: null, output: 'survived\n', errors: '' })
    },
    patience * 2
  )
})
