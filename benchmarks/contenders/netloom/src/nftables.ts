import { NetworkStack, nft } from 'netloom'
import type { Transaction } from 'netloom'
import type { Arguments } from './arguments.js'
import { Report } from './report.js'

const { accept, counter, dnat, ip, map, match, tcp } = nft

const table = { family: 'inet', name: 'bench' } as const
const chain = { family: 'inet', table: 'bench', chain: 'c' } as const

const address = (i: number): string => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`

function addChain(tx: Transaction): void {
  tx.tables.add(table)
  tx.chains.add({ family: 'inet', table: 'bench', name: 'c', type: 'filter', hook: 'forward', priority: 0 })
}

function addRule(tx: Transaction, i: number): void {
  const expressions = [match(ip.saddr, address(i)), match(tcp.dport, 80), counter(), accept()]
  tx.rules.add({ ...chain, expressions })
}

export async function nftRule(args: Arguments): Promise<void> {
  const count = args.number('count')
  await using stack = await NetworkStack.open()
  await stack.nftables.commit(addChain)
  const report = Report.startUnmetered()
  for (let i = 0; i < count; i++)
    await report.sample('rule', () => stack.nftables.commit((tx) => addRule(tx, i)))
  await report.print(count)
}

/** One transaction. */
async function commit(args: Arguments, fill: (tx: Transaction, count: number) => void): Promise<void> {
  const count = args.number('count')
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  await stack.nftables.commit((tx) => fill(tx, count))
  report.part('commit')
  await report.print(count)
}

export const nftRules = (args: Arguments): Promise<void> =>
  commit(args, (tx, count) => {
    addChain(tx)
    for (let i = 0; i < count; i++) addRule(tx, i)
  })

export const nftSet = (args: Arguments): Promise<void> =>
  commit(args, (tx, count) => {
    tx.tables.add(table)
    tx.sets.add({ family: 'inet', table: 'bench', name: 's', key: 'ipv4_addr' })
    const elements = Array.from({ length: count }, (_, i) => address(i))
    tx.elements.add({ family: 'inet', table: 'bench', name: 's' }, elements)
  })

export const nftMap = (args: Arguments): Promise<void> =>
  commit(args, (tx, count) => {
    const nat = { family: 'ip', table: 'bench' } as const
    tx.tables.add({ family: 'ip', name: 'bench' })
    tx.sets.add({ ...nat, name: 'm', key: 'inet_service', value: ['ipv4_addr', 'inet_service'] })
    const elements = Array.from({ length: count }, (_, i) => ({
      key: i + 1,
      value: [`10.0.${(i >> 8) & 255}.${i & 255}`, 80] as const
    }))
    tx.elements.add({ ...nat, name: 'm' }, elements)
    tx.chains.add({ ...nat, name: 'c', type: 'nat', hook: 'prerouting', priority: 'dstnat' })
    tx.rules.add({ ...nat, chain: 'c', expressions: [dnat({ endpoint: map(tcp.dport, '@m') })] })
  })

/** The rule set is there already: all of it is read and kept. */
export async function nftList(_args: Arguments): Promise<void> {
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  const { rules } = await stack.nftables.ruleset()
  report.part('list')
  await report.print(rules.length)
}
