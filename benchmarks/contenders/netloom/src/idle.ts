import { readdirSync, readFileSync } from 'node:fs'
import { NetworkStack } from 'netloom'
import type { Arguments } from './arguments.js'
import { Report } from './report.js'

const threads = (): number => readdirSync('/proc/self/task').length
const memory = (): number => Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1])

/** Lists the links of stacks on which nothing else happens, all at once, and looks what that left behind. */
export async function idleLists(args: Arguments): Promise<void> {
  const count = args.number('count')
  const stacks: NetworkStack[] = []
  for (let i = 0; i < count; i++) stacks.push(await NetworkStack.open())
  const round = (): Promise<unknown> => Promise.all(stacks.map((stack) => stack.links.list()))
  // The first rounds start the threads, and fill what is kept for later.
  for (let i = 0; i < 20; i++) await round()
  const threadsBefore = threads()
  const memoryBefore = memory()
  const report = await Report.start()
  for (let i = 0; i < args.number('rounds'); i++) await round()
  report.part('list')
  report.extra('threads', threads())
  report.extra('threadGrowth', threads() - threadsBefore)
  report.extra('memoryGrowth', memory() - memoryBefore)
  await report.print(count * args.number('rounds'))
  for (const stack of stacks) await stack.close()
}
