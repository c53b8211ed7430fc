import { once } from 'node:events'
import type { Arguments } from './arguments.js'
import { Report } from './report.js'

/** An event loop that has nothing to do, until the standard input ends: what the machine itself delays. */
export async function loopProbe(_args: Arguments): Promise<void> {
  const report = await Report.start()
  console.log('ready')
  process.stdin.resume()
  await once(process.stdin, 'end')
  await report.print(0)
}
