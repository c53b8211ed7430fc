/** SCTP, which Node.js can't speak: a small program, compiled when it is first needed. */
import { execFile } from 'node:child_process'
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Requirement } from './requirements.js'
import { missing, program } from './requirements.js'

const run = promisify(execFile)

let compiled: Promise<string> | undefined

/** The path of the program, by a descriptor: its file is gone, so that nothing is left behind however the tests end. */
export function sctpProgram(): Promise<string> {
  return (compiled ??= compile())
}

async function compile(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'netloom-sctp-'))
  try {
    const path = join(folder, 'sctp')
    const source = fileURLToPath(new URL('sctp.c', import.meta.url))
    await run('cc', ['-O1', '-Wall', '-Wextra', '-Werror', '-o', path, source])
    return `/proc/${process.pid}/fd/${openSync(path, 'r')}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The kernel has SCTP, and a C compiler is there. */
export function sctp(): Requirement {
  return async () => {
    const compiler = await missing(program('cc'))
    if (compiler !== undefined) return compiler
    const works = await run(await sctpProgram(), ['probe']).then(
      () => true,
      () => false
    )
    return works ? undefined : 'the kernel has no SCTP'
  }
}
