/**
 * Runs command lines one after the other in this process, as they come on standard input: each an array of words in
 * JSON on a line. Their outcomes go to standard output in the same way. Starting a process for each takes long.
 *
 * It uses what is built, so that it starts as it is.
 */
import { createInterface } from 'node:readline'

/** @type {typeof import('../../../src/cli/run.js')} */
const { run } = await import(new URL('../../../dist/cli/run.js', import.meta.url).href)

for await (const line of createInterface({ input: process.stdin })) {
  let out = ''
  let error = ''
  const status = await run(/** @type {string[]} */ (JSON.parse(line)), {
    write: async (text) => void (out += text),
    error: (text) => void (error += text),
    colors: false,
    env: process.env
  })
  process.stdout.write(`${JSON.stringify({ status, signal: null, out, error })}\n`)
}
