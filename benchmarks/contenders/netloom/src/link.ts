import { NetworkStack } from 'netloom'
import type { Arguments } from './arguments.js'
import { Report } from './report.js'

export async function linkGet(args: Arguments): Promise<void> {
  const count = args.number('count')
  const report = Report.startUnmetered()
  await using stack = await NetworkStack.open()
  for (let i = 0; i < count; i++) await report.sample('get', () => stack.links.get('wire0'))
  await report.print(count)
}

export async function linkGetConcurrent(args: Arguments): Promise<void> {
  const count = args.number('count')
  let next = 0
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  const work = async (): Promise<void> => {
    while (next++ < count) await stack.links.get('wire0')
  }
  await Promise.all(Array.from({ length: args.number('concurrency') }, work))
  report.part('get')
  await report.print(count)
}
