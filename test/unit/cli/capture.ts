import { run } from '../../../src/cli/run.js'

export interface Outcome {
  readonly status: number
  readonly out: string
  readonly error: string
}

/** Runs the command line in this process, and keeps what it prints. */
export async function capture(words: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  let out = ''
  let error = ''
  const status = await run(words, {
    write: async (text) => void (out += text),
    error: (text) => void (error += text),
    colors: false,
    env
  })
  return { status, out, error }
}
