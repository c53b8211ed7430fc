/** Tables of legacy iptables, which are no part of nftables, that drop what is forwarded. */
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NftablesFirewall } from '../../../../src/container/firewall/index.js'
import { NetworkNamespace } from '../../../../src/index.js'
import { readXtablesTable } from '../../../../src/netfilter/xtables/index.js'
import { execute } from '../../../setup/namespace.js'
import { needs, needsKind, needsProgram, program, realRoot, skipUnless } from '../../../setup/requirements.js'
import { Lab, families, outsideAddress } from './lab.js'
import type { Bridge, Container, Family } from './lab.js'

const programs = { inet: 'iptables-legacy', inet6: 'ip6tables-legacy' } as const
const tables = { inet: 'ip filter of legacy iptables', inet6: 'ip6 filter of legacy iptables' } as const

const hasLegacyTables = async (): Promise<string | undefined> => {
  await using namespace = await NetworkNamespace.create()
  for (const name of Object.values(programs)) {
    const failed = await execute('nsenter', [`--net=${namespace.path}`, name, '-S']).then(
      () => false,
      () => true
    )
    if (failed) return `the kernel has no tables for ${name}`
  }
  return undefined
}

describe('beside legacy iptables', () => {
  needsKind('veth', 'bridge')
  needsProgram('nft', 'nsenter', ...Object.values(programs))
  needs(hasLegacyTables)
  let lab: Lab
  let network: Bridge
  const warnings: string[] = []
  const listen = ({ message, ...warning }: Error & { code?: string }) => {
    if (warning.code === 'NETLOOM_LEGACY_IPTABLES') warnings.push(message)
  }

  beforeEach(async () => {
    warnings.length = 0
    process.on('warning', listen)
    lab = await Lab.open()
    network = await lab.network(1, {}, false)
  })
  afterEach(async () => {
    process.off('warning', listen)
    await lab[Symbol.asyncDispose]()
  })

  /** Each line is the words of a command. */
  async function iptables(family: Family, commands: string): Promise<void> {
    for (const line of commands.trim().split('\n')) {
      await lab.run(lab.host, programs[family], ...line.trim().split(' '))
    }
  }

  const refusal = (...named: string[]) => ({
    code: 'ERR_FOREIGN_FIREWALL',
    message: expect.stringMatching(
      named.map((text) => text.replaceAll(/[()+.]/g, '\\$&')).join('.*')
    ) as string
  })

  /**
   * Runs code in a process of its own on the host, as another user or with setpriv; what it prints, or the code of its
   * error. It changes its user when all is loaded: another one may not be let into this folder.
   */
  async function withPrivileges(code: string, ...privileges: string[]): Promise<string> {
    const at = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))
    const text = `
      const { NetworkNamespace, NetworkStack } = await import(${at('../../../../src/index.ts')})
      const { NftablesFirewall } = await import(${at('../../../../src/container/firewall/index.ts')})
      const { readXtablesTable } = await import(${at('../../../../src/netfilter/xtables/index.ts')})
      const namespace = await NetworkNamespace.current()
      const stack = await NetworkStack.open()
      try { ${code} } catch ({ code, message }) { console.log(code, message) }
      await stack.close()
      await namespace.close()`
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', text]
    return lab.run(lab.host, 'setpriv', ...privileges, ...node)
  }

  /** Somebody in the network who asks somebody outside, who is there. */
  async function asker(): Promise<Container> {
    await lab.serve(lab.outside, 'outside', 80)
    return lab.container(network, 2)
  }

  /** Both families reach the outside from the network, and are answered. */
  async function reaches(web: Container): Promise<void> {
    for (const family of families) {
      expect(await lab.ask(web, 'udp', outsideAddress[family], 80)).toContain('outside')
    }
  }

  it.each<[string, string, string, string]>([
    ['the policy', '-P FORWARD DROP', 'chain FORWARD', ' (by its policy)'],
    ['a rule', '-A FORWARD -j DROP', 'chain FORWARD', ''],
    ['a rule with a comment', '-A FORWARD -m comment --comment no -j DROP', 'chain FORWARD', ''],
    ['a rule that refuses', '-A FORWARD -j REJECT', 'chain FORWARD', ''],
    ['a rule for what comes from the bridge', '-A FORWARD -i br1 -j DROP', 'chain FORWARD', ''],
    ['a rule for what goes to such bridges', '-A FORWARD -o br+ -j REJECT', 'chain FORWARD', ''],
    ['a rule for all links but others', '-A FORWARD ! -i eth+ -j DROP', 'chain FORWARD', ''],
    [
      'a rule of another chain, after one that only counts',
      '-N far\n-N near\n-A far -i br1 -j DROP\n-A near -o eth9 -j ACCEPT\n-A FORWARD\n-A FORWARD -j near\n-A FORWARD -g far',
      'chain far',
      ''
    ],
    [
      'the policy, where only some is accepted',
      '-P FORWARD DROP\n-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\n-A FORWARD -i br1 -p tcp -j ACCEPT\n-A FORWARD -o br1 -j ACCEPT\n-A FORWARD -i br10 -j ACCEPT',
      'chain FORWARD',
      ' (by its policy)'
    ]
  ])('a network is refused where %s drops, and nothing is changed', async (_what, commands, chain, by) => {
    for (const family of families) await iptables(family, commands)
    const before = await lab.nft('list ruleset')
    const [first, second] = families.map((family) => `${chain} of table ${tables[family]}${by}`)
    await expect(lab.firewall.ensureNetwork(network.spec)).rejects.toMatchObject(
      refusal(`dropped by ${first}`, `, and by ${second};`, 'iptables-legacy -I FORWARD -i br1 -j ACCEPT')
    )
    expect(await lab.nft('list ruleset')).toBe(before)
    // It is so: with it ignored, nobody gets through.
    await new NftablesFirewall(lab.host, { onForeignDrop: 'ignore' }).ensureNetwork(network.spec)
    const web = await asker()
    for (const family of families) {
      expect(await lab.tries(web, 'udp', outsideAddress[family], 80)).toBeUndefined()
    }
    // What the error says helps.
    for (const family of families) {
      await iptables(family, '-I FORWARD -i br1 -j ACCEPT\n-I FORWARD -o br1 -j ACCEPT')
    }
    await lab.firewall.ensureNetwork(network.spec)
    await reaches(web)
    expect(warnings).toEqual([])
  })

  it.each<[string, string]>([
    [
      'a rule before the drop accepts what comes from the bridge, and one what goes to it',
      '-P FORWARD DROP\n-A FORWARD -i br1 -m comment --comment ours -j ACCEPT\n-A FORWARD -o br+ -j ACCEPT\n-A FORWARD -j DROP'
    ],
    [
      'another chain does, before the one that drops',
      '-N ours\n-A ours -i br1 -j ACCEPT\n-A ours -o br1 -j ACCEPT\n-N theirs\n-A theirs -j DROP\n-A FORWARD -j ours\n-A FORWARD -j theirs'
    ],
    [
      'it drops only what is of others, and what comes to the host',
      '-P INPUT DROP\n-A INPUT -i br1 -p ipv6-icmp -j ACCEPT\n-A INPUT -i uplink -p ipv6-icmp -j ACCEPT\n-A FORWARD -i eth9 -j DROP\n-A FORWARD -o br10 -j DROP\n-A FORWARD -p tcp --dport 25 -j DROP\n-A FORWARD ! -i br1 -o eth9 -j DROP'
    ],
    [
      'it goes back before the drop',
      '-N far\n-A far -j RETURN\n-A far -j DROP\n-A FORWARD -j far\n-A FORWARD -j RETURN\n-A FORWARD -j DROP'
    ]
  ])('a network is made where %s', async (_what, commands) => {
    for (const family of families) {
      await iptables(family, family === 'inet' ? commands.replaceAll(/.*ipv6-icmp.*\n/g, '') : commands)
    }
    await lab.firewall.ensureNetwork(network.spec)
    await reaches(await asker())
    expect(warnings).toEqual([])
  })

  it.each(families)('a network is refused for a table of %s only if it has that family', async (family) => {
    await iptables(family, '-P FORWARD DROP')
    const subnets = network.spec.subnets.filter((subnet) => subnet.includes(':') === (family === 'inet'))
    await lab.firewall.ensureNetwork({ ...network.spec, subnets })
    await expect(lab.firewall.ensureNetwork(network.spec)).rejects.toMatchObject(
      refusal(`chain FORWARD of table ${tables[family]} (by its policy);`)
    )
    await iptables(family, '-P FORWARD ACCEPT')
    await lab.firewall.ensureNetwork(network.spec)
    await reaches(await asker())
  })

  it("the error names Docker's chain for its users where that is met before the drop", async () => {
    const [docker, late] = ['-N DOCKER-USER\n-A DOCKER-USER -j RETURN\n-P FORWARD DROP', '-A FORWARD -j DROP']
    await iptables('inet', `${docker}\n-A FORWARD -j DOCKER-USER`)
    await iptables('inet6', `${docker}\n${late}\n-A FORWARD -j DOCKER-USER`)
    const { id } = network.spec
    const spec = { ...network.spec, bridge: `nl-${id.slice(0, 12)}` }
    await expect(lab.firewall.ensureNetwork(spec)).rejects.toMatchObject(
      refusal(
        'by iptables-legacy -I DOCKER-USER -i nl-+ -j ACCEPT; iptables-legacy -I DOCKER-USER -o nl-+ -j ACCEPT; ',
        'ip6tables-legacy -I FORWARD -i nl-+ -j ACCEPT; ip6tables-legacy -I FORWARD -o nl-+ -j ACCEPT;'
      )
    )
    await iptables('inet', '-I DOCKER-USER -i nl-+ -j ACCEPT\n-I DOCKER-USER -o nl-+ -j ACCEPT')
    await iptables('inet6', '-I FORWARD -i nl-+ -j ACCEPT\n-I FORWARD -o nl-+ -j ACCEPT')
    await lab.firewall.ensureNetwork(spec)
  })

  it('an internal network is not refused where frames within the bridge pass no rules', async ({ skip }) => {
    for (const family of families) await iptables(family, '-P FORWARD DROP')
    const internal = { ...network.spec, internal: true }
    await lab.firewall.ensureNetwork(internal)
    if (!(await lab.filterFrames(true))) skip('br_netfilter is not there')
    await expect(lab.firewall.ensureNetwork(internal)).rejects.toMatchObject(
      refusal(tables.inet, tables.inet6)
    )
  })

  it('a table is not made by asking for it', async () => {
    await lab.firewall.ensureNetwork(network.spec)
    for (const names of ['ip_tables_names', 'ip6_tables_names']) {
      expect(await lab.run(lab.host, 'cat', `/proc/net/${names}`)).toBe('')
    }
    expect(await readXtablesTable(lab.host.namespace, 'inet', 'filter')).toBeUndefined()
  })

  it('without the privilege the table can not be read, and who may use nftables all the same is warned', async (context) => {
    await skipUnless(context, program('setpriv'), realRoot())
    await iptables('inet', '-P FORWARD DROP')
    const another = 'process.setgroups([]); process.setgid(1000); process.setuid(1000)'
    const read = "await readXtablesTable(namespace, 'inet', 'filter')"
    expect(await withPrivileges(`${another}; ${read}`)).toContain('EACCES')
    // The list is root's, the table is whose who has the capability.
    expect(await withPrivileges(read, '--bounding-set=-net_admin', '--inh-caps=-net_admin')).toContain(
      'EPERM'
    )

    // Another user with root's capabilities, but those to read what is others'.
    const admin = ['--securebits=+no_setuid_fixup', '--bounding-set=-dac_override,-dac_read_search']
    await skipUnless(context, async () =>
      execute('setpriv', [...admin, 'test', '-r', fileURLToPath(import.meta.url)]).then(
        () => undefined,
        () => 'this folder is another user’s'
      )
    )
    const ensure = `${another}
      const firewall = new NftablesFirewall({ stack, namespace })
      process.on('warning', ({ code, message }) => console.log(code, message))
      for (let i = 0; i < 2; i++) await firewall.ensureNetwork(${JSON.stringify(network.spec)})`
    const warning = await withPrivileges(ensure, ...admin)
    expect(warning.match(/NETLOOM_LEGACY_IPTABLES/g)).toHaveLength(1)
    expect(warning).toMatch(/can't be told: .*EACCES.*ip_tables_names/)
    expect(await lab.nft('list ruleset')).toContain('br1')
  })

  it('a large table is read whole, while it is changed', async () => {
    const make = "{ echo '*filter'; seq 3000 | sed 's/.*/-A FORWARD -i eth& -j DROP/'; echo COMMIT; }"
    await lab.run(lab.host, 'sh', '-c', `${make} | iptables-legacy-restore`)
    const changes = (async () => {
      for (let i = 0; i < 20; i++) await iptables('inet', `-A FORWARD -i more${i} -j DROP`)
    })()
    let reads = 0
    for (let done = false; !done; reads++) {
      done = await Promise.race([
        changes.then(() => true),
        new Promise<boolean>((resolve) => setImmediate(resolve, false))
      ])
      const table = await readXtablesTable(lab.host.namespace, 'inet', 'filter')
      const count = table!.rules('FORWARD').length
      expect(count).toBeGreaterThanOrEqual(3_000)
      if (done) expect(count).toBe(3_020)
    }
    expect(reads).toBeGreaterThan(1)
  })
})
