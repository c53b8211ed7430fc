import { describe, expect, it } from 'vitest'
import { fateIn } from '../../../../src/container/firewall/foreign-chain.js'
import type { Probe } from '../../../../src/container/firewall/foreign-chain.js'
import { nft } from '../../../../src/index.js'
import type { Expression, NftRule, RuleItem } from '../../../../src/index.js'
import { buildRule } from '../../../../src/netfilter/nftables/rule/rule.js'

const { accept, counter, ct, drop, goTo, ip, jump, log, match, meta, reject, verdict } = nft

const place = { family: 'inet', table: 't', chain: 'c' } as const

/** A rule as it would be read. */
function rule(...expressions: RuleItem[]): NftRule {
  let id = 0
  const context = { family: 'inet', nextId: () => ++id, knownSet: () => undefined } as const
  const { builder } = buildRule({ ...place, expressions }, context)
  return { ...place, handle: 1, expressions: builder.expressions as Expression[] }
}

/** An extension of iptables, as iptables-nft makes it: its name comes first. */
function extension(kind: 'match' | 'target', name: string): RuleItem {
  const text = Buffer.from(`${name}\0`)
  const data = Buffer.concat([
    Buffer.from([4 + text.length, 0, 1, 0]),
    text,
    Buffer.from([8, 0, 2, 0, 0, 0, 0, 0])
  ])
  return { kind: 'unknown', name: kind, data }
}

const out: Probe = { family: 'inet', from: 'br0' }
const into: Probe = { family: 'inet', into: 'br0' }

/** What becomes of a packet in the chain `c`. */
const fate = async (probe: Probe, chains: Record<string, NftRule[] | 'accept'>) =>
  fateIn((chain) => Promise.resolve(chains[chain] ?? []), 'c', probe)

describe('the fate of a packet', () => {
  it.each<[string, NftRule[], 'accept' | 'drop' | undefined]>([
    ['an empty chain', [], undefined],
    ['an accepting rule', [rule(accept())], 'accept'],
    ['a dropping rule with a counter', [rule(counter(), log({ prefix: 'x' }), drop())], 'drop'],
    ['a rejecting rule', [rule(reject())], 'drop'],
    ['a rule for its link', [rule(match(meta.iifname, 'br0'), accept()), rule(drop())], 'accept'],
    ['a rule for links that begin so', [rule(match(meta.iifname, 'br*'), accept()), rule(drop())], 'accept'],
    ['a rule for another link', [rule(match(meta.iifname, 'br1'), accept()), rule(drop())], 'drop'],
    ['a rule for all links but another', [rule(match(meta.iifname, '!=', 'br1'), drop())], 'drop'],
    ['a rule for all links but its own', [rule(match(meta.iifname, '!=', 'br0'), drop())], undefined],
    ['a rule for where it may go', [rule(match(meta.oifname, 'eth0'), drop())], undefined],
    ['a rule for its family', [rule(match(meta.nfproto, 'ipv4'), drop())], 'drop'],
    ['a rule for another family', [rule(match(meta.nfproto, 'ipv6'), drop())], undefined],
    ['a rule for a state', [rule(match(ct.state, 'invalid'), drop())], undefined],
    ['a rule for an address', [rule(match(ip.saddr, '10.0.0.0/8'), accept()), rule(drop())], 'drop'],
    ['a rule that marks', [rule(nft.assign(meta.mark, 1), accept())], 'accept'],
    ['a rule that does nothing', [rule(counter())], undefined],
    ['a returning rule', [rule(verdict('return')), rule(drop())], undefined],
    ['a comment of iptables', [rule(extension('match', 'comment'), accept())], 'accept'],
    ['another match of iptables', [rule(extension('match', 'conntrack'), accept())], undefined],
    ['a REJECT of iptables', [rule(counter(), extension('target', 'REJECT'))], 'drop'],
    ['another target of iptables', [rule(extension('target', 'LOG')), rule(accept())], 'accept']
  ])('in %s', async (_which, rules, verdict) => {
    const chain = { verdict, chain: 'c' }
    expect(await fate(out, { c: rules })).toEqual(verdict === undefined ? undefined : chain)
  })

  it('is told by the link that it goes to', async () => {
    const rules = [rule(match(meta.oifname, 'br0'), accept()), rule(drop())]
    expect(await fate(into, { c: rules })).toMatchObject({ verdict: 'accept' })
    expect(await fate(out, { c: rules })).toMatchObject({ verdict: 'drop' })
  })

  it('is followed into other chains, and back', async () => {
    const other = [rule(match(meta.iifname, 'br0'), accept())]
    const back = [rule(match(meta.iifname, 'br1'), accept()), rule(verdict('return')), rule(drop())]
    expect(await fate(out, { c: [rule(jump('other')), rule(drop())], other })).toEqual({
      verdict: 'accept',
      chain: 'other'
    })
    expect(await fate(out, { c: [rule(jump('other')), rule(drop())], other: back })).toEqual({
      verdict: 'drop',
      chain: 'c'
    })
    expect(await fate(out, { c: [rule(goTo('other')), rule(drop())], other: back })).toBeUndefined()
    const some = [
      rule(match(meta.iifname, 'br1'), jump('other')),
      rule(match(ct.state, 'new'), jump('other'))
    ]
    expect(await fate(out, { c: some, other: [rule(drop())] })).toBeUndefined()
  })

  it('is told by a chain that will accept it', async () => {
    expect(
      await fate(out, { c: [rule(jump('DOCKER-USER')), rule(drop())], 'DOCKER-USER': 'accept' })
    ).toEqual({
      verdict: 'accept',
      chain: 'DOCKER-USER'
    })
  })

  it('of chains that lead nowhere is not known', async () => {
    expect(await fate(out, { c: [rule(jump('c'))] })).toBeUndefined()
  })
})
