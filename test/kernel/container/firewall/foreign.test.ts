/** Tables of other programs that drop what is forwarded. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NftablesFirewall } from '../../../../src/container/firewall/index.js'
import { needsKind, needsProgram } from '../../../setup/requirements.js'
import { Lab, families, hostAddress, outsideAddress, published } from './lab.js'
import type { Bridge, Family } from './lab.js'

/** As Docker leaves it: what is forwarded is dropped, but for what its users and itself accept. */
const docker = (family: 'ip' | 'ip6') => `
  add table ${family} filter
  add chain ${family} filter DOCKER-USER
  add chain ${family} filter FORWARD { type filter hook forward priority 0; policy drop; }
  add rule ${family} filter FORWARD counter jump DOCKER-USER
  add rule ${family} filter DOCKER-USER counter return`

const policy = (table: string, chain = 'FORWARD') => `
  add table ${table}
  add chain ${table} ${chain} { type filter hook forward priority 0; policy drop; }`

/** The shape of firewalld's: it accepts what it knows, and refuses all else at the end. */
const firewalld = `
  add table inet firewalld
  add chain inet firewalld filter_FORWARD { type filter hook forward priority 10; policy accept; }
  add chain inet firewalld filter_FORWARD_POLICIES
  add rule inet firewalld filter_FORWARD ct state { established, related } accept
  add rule inet firewalld filter_FORWARD ct status dnat accept
  add rule inet firewalld filter_FORWARD iifname "lo" accept
  add rule inet firewalld filter_FORWARD ct state invalid drop
  add rule inet firewalld filter_FORWARD jump filter_FORWARD_POLICIES
  add rule inet firewalld filter_FORWARD reject with icmpx admin-prohibited`

describe('beside another firewall', () => {
  needsKind('veth', 'bridge')
  needsProgram('nft', 'nsenter')
  let lab: Lab
  let network: Bridge

  beforeEach(async () => {
    lab = await Lab.open()
    network = await lab.network(1, {}, false)
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  async function works(): Promise<void> {
    const web = await lab.container(network, 2)
    await lab.serve(web, 'web', 80)
    await lab.serve(lab.outside, 'outside', 80)
    for (const family of families) {
      const port = { protocol: 'tcp', hostPort: 8080, containerPort: 80 } as const
      await lab.firewall.publish([published(web, family, port)])
      const answer = await lab.ask(lab.outside, 'tcp', hostAddress[family], 8080)
      expect(answer).toBe(`web ${outsideAddress[family]}`)
      expect(await lab.ask(web, 'tcp', outsideAddress[family], 80)).toContain('outside')
    }
  }

  it.each([
    ['ip filter FORWARD', policy('ip filter'), 'chain FORWARD of table ip filter (by its policy)'],
    ['ip6 filter FORWARD', policy('ip6 filter'), 'chain FORWARD of table ip6 filter (by its policy)'],
    ['inet mine f', policy('inet mine', 'f'), 'chain f of table inet mine (by its policy)'],
    ["firewalld's", firewalld, 'chain filter_FORWARD of table inet firewalld'],
    [
      'a chain further on',
      `add table ip t; add chain ip t g; add chain ip t f { type filter hook forward priority 0; }
       add rule ip t f counter goto g
       add rule ip t g iifname "eth*" accept
       add rule ip t g oifname br1 drop`,
      'chain g of table ip t;'
    ]
  ])('a network is refused where %s drops, and nothing is changed', async (_which, commands, named) => {
    await lab.nft(commands)
    const before = await lab.nft('list ruleset')
    await expect(lab.firewall.ensureNetwork(network.spec)).rejects.toMatchObject({
      code: 'ERR_FOREIGN_FIREWALL',
      message: expect.stringContaining(named) as string
    })
    expect(await lab.nft('list ruleset')).toBe(before)
    // It is so: with it ignored, nobody gets through.
    const careless = new NftablesFirewall(lab.host, { onForeignDrop: 'ignore' })
    await careless.ensureNetwork(network.spec)
    const web = await lab.container(network, 2)
    await lab.serve(web, 'web', 80)
    const port = { protocol: 'udp', hostPort: 8080, containerPort: 80 } as const
    const answers = []
    for (const family of families) {
      await careless.publish([published(web, family, port)])
      answers.push(await lab.tries(lab.outside, 'udp', hostAddress[family], 8080))
      answers.push(await lab.tries(web, 'udp', outsideAddress[family], 80))
    }
    expect(answers).toContain(undefined)
  })

  it.each([
    [
      'a table accepts what comes from the bridge and what goes to it',
      `${policy('inet mine')}
       add rule inet mine FORWARD iifname "br1" counter accept comment "mine"
       add rule inet mine FORWARD oifname "br*" accept`
    ],
    [
      'another chain of it does',
      `${policy('ip mine')}
       add chain ip mine ours
       add rule ip mine FORWARD meta mark set 1
       add rule ip mine FORWARD jump ours
       add rule ip mine ours iifname "br1" accept
       add rule ip mine ours oifname "br1" accept
       ${policy('inet both')}
       add rule inet both FORWARD meta nfproto ipv4 accept
       add rule inet both FORWARD meta nfproto ipv6 oifname != "lo" accept
       add rule inet both FORWARD meta nfproto ipv6 iifname != "lo" accept`
    ],
    [
      'the table sleeps',
      'add table inet mine { flags dormant; chain f { type filter hook forward priority 0; policy drop; }; }'
    ],
    [
      'only what comes to the host is dropped',
      'add table inet mine { chain i { type filter hook input priority 0; policy drop; ct state established accept; icmpv6 type nd-neighbor-solicit accept; icmpv6 type nd-neighbor-advert accept; }; }'
    ],
    [
      'it drops but what others do',
      'add table inet mine { chain f { type filter hook forward priority 0; tcp dport 25 drop; iifname "eth9" drop; ct state invalid drop; }; }'
    ]
  ])('a network is made where %s', async (_what, commands) => {
    await lab.nft(commands)
    await lab.firewall.ensureNetwork(network.spec)
    await works()
  })

  it.each(families)('a network without %s is not refused for a table of it', async (family: Family) => {
    await lab.nft(policy(family === 'inet' ? 'ip filter' : 'ip6 filter'))
    const subnets = network.spec.subnets.filter((subnet) => subnet.includes(':') === (family === 'inet'))
    await lab.firewall.ensureNetwork({ ...network.spec, subnets })
  })

  it('an internal network is refused only where frames within the bridge pass the rules', async ({
    skip
  }) => {
    await lab.nft(policy('ip filter'))
    await lab.firewall.ensureNetwork({ ...network.spec, internal: true })
    if (!(await lab.filterFrames(true))) skip('the kernel has no br_netfilter, or not for each namespace')
    const again = lab.firewall.ensureNetwork({ ...network.spec, internal: true })
    await expect(again).rejects.toMatchObject({ code: 'ERR_FOREIGN_FIREWALL' })
  })

  it("its own table's drops are no foreign ones", async () => {
    await lab.firewall.ensureNetwork(network.spec)
    const other = await lab.network(2, { internal: true, interContainer: false })
    await lab.firewall.ensureNetwork(other.spec)
    await lab.firewall.ensureNetwork(network.spec)
  })

  describe('with DOCKER-USER', () => {
    beforeEach(async () => {
      await lab.nft(docker('ip') + docker('ip6'))
    })
    const userRules = async () =>
      [...(await lab.nft('list ruleset')).matchAll(/^.*comment "netloom .*$/gm)].map(([rule]) =>
        rule.trim().replace(/packets \d+ bytes \d+ /, '')
      )
    const rulesOf = (bridge: string) => [
      `iifname "${bridge}" counter accept comment "netloom ${bridge}"`,
      `oifname "${bridge}" counter accept comment "netloom ${bridge}"`
    ]

    it('a network is let through, and its rules go with it', async () => {
      await lab.firewall.ensureNetwork(network.spec)
      await lab.firewall.ensureNetwork(network.spec)
      await works()
      const other = await lab.network(2)
      const both = [...rulesOf('br2'), ...rulesOf('br1')]
      expect(await userRules()).toEqual([...both, ...both])
      await lab.firewall.removeNetwork(network.spec)
      expect(await userRules()).toEqual([...rulesOf('br2'), ...rulesOf('br2')])
      await lab.firewall.removeNetwork(other.spec)
      const left = await lab.nft('list ruleset')
      expect(left).toContain('DOCKER-USER')
      expect(left).not.toMatch(/netloom|br\d/)
    })

    it('isolation holds all the same', async () => {
      const web = await lab.container(network, 2)
      await lab.firewall.ensureNetwork(network.spec)
      const stranger = await lab.container(await lab.network(2), 2)
      await lab.serve(web, 'web', 80)
      for (const from of [stranger, lab.outside]) {
        expect(await lab.tries(from, 'tcp', web.address.inet, 80)).toBeUndefined()
      }
    })

    it('reconcile puts the rules back, and takes away those of networks that are gone', async () => {
      await lab.firewall.ensureNetwork(network.spec)
      await lab.network(2)
      expect(await lab.firewall.reconcile([network.spec], [])).toBe(true)
      expect(await userRules()).toEqual([...rulesOf('br1'), ...rulesOf('br1')])
      // Docker starts anew, and one rule is lost.
      await lab.nft('flush chain ip filter DOCKER-USER; add rule ip filter DOCKER-USER return')
      await lab.nft('add rule ip6 filter DOCKER-USER return')
      const [rule] = await lab.host.stack.nftables.rules.list({
        family: 'ip6',
        table: 'filter',
        chain: 'DOCKER-USER'
      })
      await lab.host.stack.nftables.rules.delete(rule!)
      expect(await lab.firewall.reconcile([network.spec], [])).toBe(true)
      expect(await userRules()).toEqual([...rulesOf('br1'), ...rulesOf('br1')])
      expect(await lab.firewall.reconcile([network.spec], [])).toBe(false)
      await works()
      expect(await lab.firewall.reconcile([], [])).toBe(true)
      expect(await userRules()).toEqual([])
    })

    it('rules of other tables of netloom are left alone', async () => {
      const other = new NftablesFirewall(lab.host, { table: 'netloom2' })
      const second = await lab.network(2, {}, false)
      await lab.firewall.ensureNetwork(network.spec)
      await other.ensureNetwork(second.spec)
      expect(await lab.firewall.reconcile([], [])).toBe(true)
      expect(await lab.nft('list ruleset')).toContain('comment "netloom2 br2"')
      expect(await other.reconcile([second.spec], [])).toBe(false)
    })
  })
})
