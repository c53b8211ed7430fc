/** Whether a contender can be measured here, and which version of it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { missingPrograms } from './contenders.js'
import type { Contender } from './contenders.js'

export interface Presence {
  readonly contender: Contender
  /** Of the library that it measures. */
  readonly version?: string
  /** Why it can't be measured. */
  readonly missing?: string
}

export async function lookUp(contender: Contender): Promise<Presence> {
  const programs = await missingPrograms(contender)
  if (programs.length > 0) return { contender, missing: `${programs.join(', ')} not installed` }
  const [program = '', ...words] = contender.command
  try {
    const { stdout } = await promisify(execFile)(program, [...words, 'version'], { cwd: contender.folder })
    const { version } = JSON.parse(stdout) as { version: string }
    return { contender, version }
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string }
    const said = stderr.trim().split('\n')[0]
    return { contender, missing: `not set up (npm run bench -- --setup): ${said || message}` }
  }
}
