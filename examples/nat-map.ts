/**
 * 10,000 published ports with one rule: a map holds address and port of each, and can be changed while it is used.
 *
 * Prints:
 *   10000 ports are published by 1 rule
 *   port 30000 leads to 10.0.0.1:80
 */
import { NetworkNamespace, NetworkStack, nft } from 'netloom'

const { dnat, map, tcp } = nft

await using machine = await NetworkNamespace.create()
await using router = await NetworkStack.open({ namespace: machine })
const { nftables } = router

const nat = { family: 'ip', table: 'nat' } as const
const published = { ...nat, name: 'published' }
await nftables.commit((tx) => {
  tx.tables.add({ family: 'ip', name: 'nat' })
  tx.sets.add({ ...published, key: 'inet_service', value: ['ipv4_addr', 'inet_service'] })
  tx.elements.add(
    published,
    Array.from({ length: 10_000 }, (_, i) => ({
      key: 30_000 + i,
      value: [`10.0.${Math.floor(i / 250)}.${(i % 250) + 1}`, 80]
    }))
  )
  tx.chains.add({ ...nat, name: 'prerouting', type: 'nat', hook: 'prerouting', priority: 'dstnat' })
  tx.rules.add({
    ...nat,
    chain: 'prerouting',
    expressions: [dnat({ endpoint: map(tcp.dport, '@published') })]
  })
})

const elements = await nftables.elements.list(published)
const rules = await nftables.rules.list(nat)
console.log(`${elements.length} ports are published by ${rules.length} rule`)
const first = elements.find(({ key }) => key === 30_000)
console.log(`port 30000 leads to ${(first?.value as [string, number]).join(':')}`)
