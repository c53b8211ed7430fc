/** The rules of Docker, as iptables makes them: what is forwarded is dropped, but for what `DOCKER-USER` accepts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { execute } from '../../../setup/namespace.js'
import { needs, needsKind, needsProgram } from '../../../setup/requirements.js'
import { Lab, hostAddress, outsideAddress } from '../lab.js'

const programs = { inet: 'iptables', inet6: 'ip6tables' } as const
const families = ['inet', 'inet6'] as const

const options = {
  name: 'web',
  ipv6: true,
  pools: [{ subnet: '10.88.0.0/24' }, { subnet: 'fd10:88::/64' }]
}

/** Rules of legacy iptables can't be reached over netlink. */
const speaksNftables = async (): Promise<string | undefined> =>
  (await execute('iptables', ['--version'])).includes('nf_tables')
    ? undefined
    : 'the program iptables is that for legacy tables'

describe('beside iptables with a policy that drops what is forwarded', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft', 'iptables', 'ip6tables', 'nsenter')
  needs(speaksNftables)
  let lab: Lab

  beforeEach(async () => {
    lab = await Lab.open()
    for (const family of families) await iptables(family, '-P', 'FORWARD', 'DROP')
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  const iptables = (family: (typeof families)[number], ...words: string[]): Promise<string> =>
    lab.run(lab.host, programs[family], ...words)
  const everyRule = () => Promise.all(families.map((family) => iptables(family, '-S')))

  it('traffic passes through DOCKER-USER, and its rules go with the network', async () => {
    for (const family of families) {
      for (const chain of ['DOCKER-USER', 'DOCKER-FORWARD']) {
        await iptables(family, '-N', chain)
        await iptables(family, '-A', 'FORWARD', '-j', chain)
      }
      await iptables(family, '-A', 'DOCKER-FORWARD', '-i', 'docker0', '-j', 'ACCEPT')
      await iptables(family, '-A', 'DOCKER-USER', '-j', 'RETURN')
    }
    const before = await everyRule()
    const { networks, sandboxes } = lab.networks
    const network = await networks.create(options)
    const bridge = `nl-${network.id.slice(0, 12)}`
    const web = await lab.sandbox('web', { ports: ['8080:80'] })
    for (const family of families) {
      const rules = (await iptables(family, '-S', 'DOCKER-USER')).trim().split('\n')
      const ours = rules
        .filter((rule) => rule.includes(bridge))
        .map((rule) => rule.match(/ -[io] /)?.[0].trim())
      expect(ours.sort()).toEqual(['-i', '-o'])
      // iptables goes on reading and changing the chain, with the rules of netloom before its own.
      expect(rules.at(-1)).toBe('-A DOCKER-USER -j RETURN')
      await iptables(family, '-A', 'DOCKER-USER', '-i', 'eth9', '-j', 'DROP')
      await iptables(family, '-D', 'DOCKER-USER', '-i', 'eth9', '-j', 'DROP')

      await lab.serve(web, 'web', 80, family)
      await lab.serve(lab.outside, 'outside', 7000, family)
      const answer = await lab.ask(lab.outside, 'tcp', hostAddress[family], 8080)
      expect(answer).toBe(`web ${outsideAddress[family]}`)
      expect(await lab.ask(web, 'udp', outsideAddress[family], 7000)).toContain('outside')
      // They are what lets it pass.
      await iptables(family, '-F', 'DOCKER-USER')
      expect(await lab.tries(web, 'udp', outsideAddress[family], 7000)).toBeUndefined()
      await iptables(family, '-A', 'DOCKER-USER', '-j', 'RETURN')
    }
    await lab.networks.reconcile()
    for (const family of families) {
      expect(await lab.ask(web, 'tcp', outsideAddress[family], 7000)).toContain('outside')
    }
    await web.disconnect('web')
    await sandboxes.remove(web.id)
    await networks.remove('web')
    expect(await everyRule()).toEqual(before)
  })

  it('a network is refused without DOCKER-USER, with the chain that drops, and nothing is changed', async () => {
    const before = [await everyRule(), await lab.links()]
    await expect(lab.networks.networks.create(options)).rejects.toMatchObject({
      code: 'ERR_FOREIGN_FIREWALL',
      message: expect.stringMatching(
        /chain FORWARD of table ip filter \(by its policy\).*chain FORWARD of table ip6 filter \(by its policy\)/
      ) as string
    })
    expect([await everyRule(), await lab.links()]).toEqual(before)
    // With a rule of the host's administrator, there is one.
    for (const family of families) {
      await iptables(family, '-I', 'FORWARD', '-i', 'nl-+', '-j', 'ACCEPT')
      await iptables(family, '-I', 'FORWARD', '-o', 'nl-+', '-j', 'ACCEPT')
    }
    await lab.networks.networks.create(options)
    const web = await lab.sandbox('web')
    await lab.serve(lab.outside, 'outside', 7000)
    expect(await lab.ask(web, 'tcp', outsideAddress.inet, 7000)).toContain('outside')
  })
})
