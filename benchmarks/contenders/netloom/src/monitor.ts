import { NetworkStack } from 'netloom'
import type { Arguments } from './arguments.js'
import { Report, now } from './report.js'

/** The route that says that there will be no more events. */
const last = '208.0.0.0/24'
/** By which all routes of the churn go. */
const gateway = '10.255.0.2'

export async function monitor(args: Arguments): Promise<void> {
  const buffer = args.number('buffer', 0)
  let first: number | undefined
  let count = 0
  let resync = 0
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  const monitor = stack.monitor({ objects: ['route'], receiveBuffer: buffer === 0 ? undefined : buffer })
  // What is asked of the stack waits until the monitor listens.
  await stack.links.get('wire0')
  console.log('ready')
  for await (const event of monitor) {
    if (event.value.destination === last) break
    // The kernel's own routes, as those of an address that is ready at last, are none of the churn.
    if (event.value.gateway !== gateway) continue
    first ??= now()
    if (event.resync === true) resync++
    else count++
  }
  const end = now()
  report.seconds('follow', end - (first ?? end))
  report.seconds('at', end)
  report.extra('resync', resync)
  await report.print(count)
}
