import { NetworkNamespace, NetworkStack } from 'netloom'
import type { BatchLinkSpec } from 'netloom'
import type { Arguments } from './arguments.js'
import { applied } from './bulk.js'
import { Report } from './report.js'

function* pairs(count: number, index: number, namespace: NetworkNamespace): Generator<BatchLinkSpec> {
  // Both namespaces were made for this, so no index is taken: an address can be given without asking for it.
  for (let i = 0; i < count; i++) {
    const peer = { name: `p${i}`, index: index + i, namespace }
    yield { kind: 'veth', name: `v${i}`, index: index + i, up: true, peer }
  }
}

export async function vethAdd(args: Arguments): Promise<void> {
  const count = args.number('count')
  const index = args.number('index')
  const report = await Report.start()
  await using namespace = await NetworkNamespace.open({ path: args.text('namespace') })
  await using host = await NetworkStack.open()
  const created = applied(await host.links.addMany(pairs(count, index, namespace)))
  report.part('create')
  await using guest = await NetworkStack.open({ namespace })
  const batch = guest.batch()
  for (let i = 0; i < count; i++) {
    batch.links.set(index + i, { up: true })
    batch.addresses.add(index + i, `10.200.${i >> 8}.${i & 255}/32`)
  }
  applied(await batch.commit())
  report.part('configure')
  await report.print(created)
}

export async function vethDelete(args: Arguments): Promise<void> {
  const names = Array.from({ length: args.number('count') }, (_, i) => `v${i}`)
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  const result = await stack.links.deleteMany(names)
  report.part('delete')
  await report.print(applied(result))
}
