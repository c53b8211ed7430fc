/**
 * A container behind a router: its connections leave by the router's address, and one of its ports is published.
 *
 * Prints:
 *   table nat: 2 rules
 *   tcp port 8080 of the router leads to 172.17.0.2:80
 */
import { NetworkNamespace, NetworkStack, nft } from 'netloom'

const { dnat, masquerade, match, ip, meta, tcp } = nft

await using machine = await NetworkNamespace.create()
await using router = await NetworkStack.open({ namespace: machine })
await machine.sysctl.set('net.ipv4.ip_forward', '1')

// One transaction: all of it, or nothing.
const nat = { family: 'ip', table: 'nat' } as const
await router.nftables.commit((tx) => {
  tx.tables.add({ family: 'ip', name: 'nat' })
  tx.chains.add({ ...nat, name: 'prerouting', type: 'nat', hook: 'prerouting', priority: 'dstnat' })
  tx.chains.add({ ...nat, name: 'postrouting', type: 'nat', hook: 'postrouting', priority: 'srcnat' })
  tx.rules.add({
    ...{ ...nat, chain: 'prerouting', comment: 'the web server of con1' },
    expressions: [match(tcp.dport, 8080), dnat({ to: '172.17.0.2', port: 80 })]
  })
  tx.rules.add({
    ...{ ...nat, chain: 'postrouting' },
    expressions: [match(ip.saddr, '172.17.0.0/16'), match(meta.oifname, '!=', 'br0'), masquerade()]
  })
})

const rules = await router.nftables.rules.list({ table: 'nat' })
console.log(`table nat: ${rules.length} rules`)
const published = rules.find(({ comment }) => comment === 'the web server of con1')
const ends = published?.expressions.some(({ kind }) => kind === 'nat')
console.log(`tcp port 8080 of the router leads ${ends ? 'to 172.17.0.2:80' : 'nowhere'}`)
