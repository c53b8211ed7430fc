/** Whether a contender can be measured here, and which version of it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { missingPrograms } from './contenders.js'
import type { Contender } from './contenders.js'
import { withoutPaths } from './paths.js'

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
    return { contender, missing: `not set up (npm run bench -- --setup)${reasonOf(error as ExecError)}` }
  }
}

type ExecError = Error & { readonly code?: string | number; readonly stderr?: string }

/** What is worth saying beside: nothing, if it simply isn't there. */
function reasonOf({ code, stderr = '', message }: ExecError): string {
  if (code === 'ENOENT') return ''
  return `: ${withoutPaths(stderr.trim().split('\n')[0] || message)}`
}
