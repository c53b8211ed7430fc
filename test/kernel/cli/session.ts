/**
 * Runs command lines one after the other in this process, as they come on standard input: each an array of words in
 * JSON on a line. Their outcomes go to standard output in the same way. Starting a process for each takes long.
 */
import { createInterface } from 'node:readline'
import { run } from '../../../src/cli/run.js'

for await (const line of createInterface({ input: process.stdin })) {
  let out = ''
  let error = ''
  const status = await run(JSON.parse(line) as string[], {
    write: async (text) => void (out += text),
    error: (text) => void (error += text),
    colors: false,
    env: process.env
  })
  process.stdout.write(`${JSON.stringify({ status, signal: null, out, error })}\n`)
}
