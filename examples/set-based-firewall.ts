/**
 * A firewall whose rules never change: who may come in is the content of sets.
 *
 * Prints:
 *   administrators: 192.0.2.0/24, 198.51.100.7
 *   a guest until tomorrow: 203.0.113.5
 *   NFT_MSG_NEWRULE ENOENT at expressions[0] of operation 1
 */
import { NetworkNamespace, NetworkStack, TransactionError, nft } from 'netloom'

const { accept, counter, ct, ip, limit, log, match, meta, reject, tcp, verdictMap } = nft

await using machine = await NetworkNamespace.create()
await using host = await NetworkStack.open({ namespace: machine })
const { nftables } = host

const filter = { family: 'inet', table: 'filter' } as const
await nftables.commit((tx) => {
  tx.tables.add({ family: 'inet', name: 'filter' })
  tx.sets.add({ ...filter, name: 'administrators', key: 'ipv4_addr', interval: true })
  tx.elements.add({ ...filter, name: 'administrators' }, ['192.0.2.0/24', '198.51.100.7'])
  tx.sets.add({ ...filter, name: 'guests', key: 'ipv4_addr', timeout: 0 })

  tx.chains.add({ ...filter, name: 'input', type: 'filter', hook: 'input', priority: 0, policy: 'drop' })
  const rule = { ...filter, chain: 'input' }
  tx.rules.add({ ...rule, expressions: [match(meta.iifname, 'lo'), accept()] })
  tx.rules.add({
    ...rule,
    expressions: [
      verdictMap(ct.state, [
        ['established', 'accept'],
        ['related', 'accept'],
        ['invalid', 'drop']
      ])
    ]
  })
  tx.rules.add({ ...rule, expressions: [match(ip.saddr, '@administrators'), match(tcp.dport, 22), accept()] })
  tx.rules.add({ ...rule, expressions: [match(ip.saddr, '@guests'), match(tcp.dport, [80, 443]), accept()] })
  tx.rules.add({
    ...rule,
    expressions: [limit({ rate: 5, per: 'minute' }), log({ prefix: 'refused ' }), counter(), reject()]
  })
})

await nftables.elements.add({ ...filter, name: 'guests' }, [{ key: '203.0.113.5', timeout: 86_400 }])

const administrators = await nftables.elements.list({ ...filter, name: 'administrators' })
console.log(`administrators: ${administrators.map(({ key }) => key as string).join(', ')}`)
const [guest] = await nftables.elements.list({ ...filter, name: 'guests' })
console.log(`a guest until tomorrow: ${guest?.key as string}`)

// A mistake changes nothing, and is named.
try {
  await nftables.commit((tx) => {
    tx.rules.flush(filter)
    tx.rules.add({ ...filter, chain: 'input', expressions: [match(ip.saddr, '@admins'), accept()] })
  })
} catch (error) {
  if (!(error instanceof TransactionError)) throw error
  console.log(`${error.syscall} ${error.code} at ${error.attribute} of operation ${error.index}`)
}
