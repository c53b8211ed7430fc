/** `--setup`: whatever `run` of each contender needs is built, or fetched from its registry. */
import { spawn } from 'node:child_process'
import { missingPrograms, resolve } from './contenders.js'
import type { Contender } from './contenders.js'

/** Sets each up, and says what became of it. False if one failed; one that lacks a program is only named. */
export async function setUp(contenders: readonly Contender[]): Promise<boolean> {
  let good = true
  for (const contender of contenders) {
    const missing = await missingPrograms(contender)
    if (missing.length > 0) {
      console.log(`missing ${contender.name}: ${missing.join(', ')} not installed`)
      continue
    }
    const failure = await build(contender)
    console.log(failure === undefined ? `ready   ${contender.name}` : `FAILED  ${contender.name}\n${failure}`)
    good &&= failure === undefined
  }
  return good
}

/** Runs the commands of `setup`; what they printed, if one failed. */
async function build({ setup, folder }: Contender): Promise<string | undefined> {
  for (const [program = '', ...words] of setup) {
    const output = await run(resolve(program, folder), words, folder)
    if (output !== undefined) return output
  }
  return undefined
}

function run(program: string, words: readonly string[], cwd: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const gather = (chunk: Buffer): void => void (output += chunk.toString())
    child.stdout.on('data', gather)
    child.stderr.on('data', gather)
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code) => resolve(code === 0 ? undefined : output))
  })
}
