import { once } from 'node:events'
import { ContainerNetworks } from 'netloom/container'
import type { Arguments } from './arguments.js'
import { Report } from './report.js'

const network = 'bench'
/** The one whose name is asked for, and the one that asks. */
const named = 's0'
const asking = 's1'

/** Serves the names of a network, until the standard input ends. */
export async function dnsServe(args: Arguments): Promise<void> {
  const servers = args.text('upstreams').split(',').filter(Boolean)
  await using container = await ContainerNetworks.open()
  await container.networks.create({ name: network, pools: [{ subnet: '10.88.0.0/16' }] })
  const addresses: string[] = []
  for (const name of [named, asking]) {
    const namespace = { path: `/run/netns/${name}` }
    const sandbox = await container.sandboxes.create({ name, namespace, dns: { servers } })
    addresses.push((await sandbox.connect(network)).address!.replace(/\/.*/, ''))
  }
  const report = Report.startUnmetered()
  console.log(`ready 127.0.0.11 /run/netns/${asking} ${addresses[0]}`)
  process.stdin.resume()
  await once(process.stdin, 'end')
  await report.print(addresses.length)
}
