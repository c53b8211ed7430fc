import { nft } from 'netloom'
import type { Room } from '../room.js'
import type { Case, Scenario, Sizes } from '../scenario.js'
import { pick } from '../scenario.js'
import { plain } from './plain.js'

/** Rule sets. */
export const nftables: Scenario = {
  id: 'nftables',
  title: 'nftables',
  description:
    'Adds single rules, each a transaction of its own; a thousand rules, a set and a NAT map, each with what it ' +
    'needs in one transaction; and reads a rule set with a set of as many elements. `nft` is a process for each ' +
    'transaction, and reads a script that was written before.',
  cases(sizes) {
    const calls = pick(sizes, 300, 5)
    const rules = pick(sizes, 1_000, 50)
    return [
      {
        title: 'add one rule',
        operation: 'nft-rule',
        arguments: { count: calls },
        series: 'add one rule',
        size: calls,
        figures: ['p50', 'p90', 'p99'].map((quantile) => ({
          title: quantile === 'p50' ? 'median' : quantile,
          path: `samples.rule.${quantile}`,
          unit: 'µs'
        })),
        count: calls
      },
      commit('nft-rules', rules, `add ${plain(rules)} rules`),
      ...elements(sizes).map((count) => commit('nft-set', count, `make a set of ${plain(count)} elements`)),
      commit(
        'nft-map',
        pick(sizes, 10_000, 200),
        `make a NAT map of ${plain(pick(sizes, 10_000, 200))} elements`
      ),
      read(rules, pick(sizes, 10_000, 200))
    ]
  }
}

const elements = (sizes: Sizes): number[] => pick(sizes, [1_000, 10_000, 100_000], [200])

function commit(operation: string, count: number, title: string): Case {
  return {
    title,
    operation,
    arguments: { count },
    series: operation,
    size: count,
    figures: [
      { title: 'wall', path: 'seconds.commit', unit: 's' },
      { title: 'each', path: 'seconds.commit', unit: 's', per: count }
    ],
    count
  }
}

function read(rules: number, elementCount: number): Case {
  return {
    title: `read ${plain(rules)} rules and a set of ${plain(elementCount)} elements`,
    operation: 'nft-list',
    arguments: {},
    series: 'read a rule set',
    size: rules,
    figures: [{ title: 'wall', path: 'seconds.list', unit: 's' }],
    count: rules,
    setting: { shared: 'ruleset', prepare: (room) => fill(room, rules, elementCount) }
  }
}

async function fill(room: Room, rules: number, elementCount: number): Promise<void> {
  const chain = { family: 'inet', table: 'bench', chain: 'c' } as const
  const address = (i: number): string => `10.0.${i >> 8}.${i & 255}`
  await room.stack.nftables.commit((tx) => {
    tx.tables.add({ family: 'inet', name: 'bench' })
    tx.chains.add({ family: 'inet', table: 'bench', name: 'c' })
    for (let i = 0; i < rules; i++) {
      const expressions = [nft.match(nft.ip.saddr, address(i)), nft.counter(), nft.accept()]
      tx.rules.add({ ...chain, expressions })
    }
    tx.sets.add({ family: 'inet', table: 'bench', name: 's', key: 'ipv4_addr' })
    const all = Array.from({ length: elementCount }, (_, i) => address(i))
    tx.elements.add({ family: 'inet', table: 'bench', name: 's' }, all)
  })
}
