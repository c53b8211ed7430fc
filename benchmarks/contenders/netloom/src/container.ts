import { setTimeout as sleep } from 'node:timers/promises'
import { NetlinkError, NetworkNamespace, NetworkStack } from 'netloom'
import type { Arguments } from './arguments.js'
import { applied } from './bulk.js'
import { Report } from './report.js'

const host = '10.255.0.1'
const address = (i: number): string => `10.100.${i >> 8}.${i & 255}/32`

async function add(stack: NetworkStack, i: number): Promise<void> {
  await using namespace = await NetworkNamespace.create(`c${i}`)
  const peer = { name: 'eth0', namespace }
  const [cable, guest] = await Promise.all([
    stack.links.add({ kind: 'veth', name: `h${i}`, up: true, peer }),
    NetworkStack.open({ namespace })
  ])
  await using _ = guest
  const batch = guest.batch()
  batch.links.set('lo', { up: true })
  batch.links.set('eth0', { up: true })
  batch.addresses.add('eth0', address(i))
  batch.routes.add({ destination: `${host}/32`, link: 'eth0' })
  batch.routes.add({ destination: 'default', gateway: host, link: 'eth0' })
  const [outcomes] = await Promise.all([
    batch.commit(),
    stack.routes.add({ destination: address(i), link: cable })
  ])
  applied(outcomes)
}

async function ended(stack: NetworkStack, i: number): Promise<void> {
  try {
    for (;;) {
      await stack.links.get(`h${i}`)
      await sleep(1)
    }
  } catch (error) {
    if (!(error instanceof NetlinkError && error.code === 'ENODEV')) throw error
  }
}

/** Does something for each number below `count`, so many at a time. */
async function each(count: number, concurrency: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  const loop = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) await work(i)
  }
  await Promise.all(Array.from({ length: concurrency }, loop))
}

export async function container(args: Arguments): Promise<void> {
  const count = args.number('count')
  const concurrency = args.number('concurrency', 1)
  const report = Report.startUnmetered()
  await using stack = await NetworkStack.open()
  await each(count, concurrency, (i) => report.sample('add', () => add(stack, i)))
  report.part('add')
  await each(count, concurrency, (i) =>
    report.sample('gone', async () => {
      await report.sample('remove', () => NetworkNamespace.remove(`c${i}`))
      await ended(stack, i)
    })
  )
  report.part('remove')
  await report.print(count)
}
