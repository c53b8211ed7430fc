/** Answers from published ports of a sandbox whose default route is not by the network that publishes them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../src/container/index.js'
import { needsKind, needsProgram } from '../../setup/requirements.js'
import { Lab, hostAddress, outsideAddress } from './lab.js'
import type { Family, Machine } from './lab.js'

const families = ['inet', 'inet6'] as const

describe('a published port, with the default route by macvlan', () => {
  needsKind('bridge', 'veth', 'macvlan')
  needsProgram('nft', 'ip')
  let lab: Lab
  let sandbox: Sandbox
  let inside: Machine

  beforeEach(async () => {
    lab = await Lab.open()
    const { networks, sandboxes } = lab.networks
    await networks.create({
      ...{ name: 'web', ipv6: true, pools: [{ subnet: '10.88.0.0/24' }, { subnet: 'fd88::/64' }] }
    })
    await networks.create({
      ...{ name: 'lan', driver: 'macvlan', macvlan: { parent: 'uplink' }, ipv6: true },
      pools: [
        { subnet: '172.16.0.0/24', range: '172.16.0.64/26', gateway: outsideAddress.inet },
        { subnet: 'fd16::/64', range: 'fd16::100/120', gateway: outsideAddress.inet6 }
      ]
    })
    sandbox = await sandboxes.create({ name: 'one' })
    inside = await lab.inside(sandbox)
    for (const family of families) await lab.serve(sandbox, 'one', 80, family)
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  const publish = { ports: ['8080:80'] }
  const rules = async (): Promise<number> =>
    (await inside.stack.rules.list()).filter(({ priority }) => priority === 30_000).length
  const gateway = async (family: Family): Promise<string | undefined> =>
    (await inside.stack.routes.list({ destination: 'default', family, table: 254 }))[0]?.gateway

  async function isAnswered(): Promise<void> {
    for (const family of families) {
      expect(await lab.ask(lab.outside, 'tcp', hostAddress[family], 8080)).toContain('one')
      expect(await gateway(family)).toBe(outsideAddress[family])
      expect(await lab.pings(sandbox, outsideAddress[family])).toBe(true)
    }
    const other = await lab.sandbox('web')
    const [endpoint] = (await sandbox.endpoints()).filter(({ networkName }) => networkName === 'web')
    expect(await lab.ask(other, 'tcp', endpoint!.address!.split('/')[0]!, 80)).toContain('one')
    await lab.networks.sandboxes.remove(other.id, { force: true })
  }

  it('is answered by the network that publishes it, whichever came first', async () => {
    await sandbox.connect('web', publish)
    expect(await rules()).toBe(0)
    await sandbox.connect('lan', { gatewayPriority: 1 })
    await isAnswered()
    await sandbox.disconnect('web')
    expect(await rules()).toBe(0)
    await sandbox.connect('web', publish)
    await isAnswered()
    await sandbox.disconnect('lan')
    for (const family of families)
      expect(await lab.ask(lab.outside, 'tcp', hostAddress[family], 8080)).toContain('one')
    await sandbox.disconnect('web')
    expect(await rules()).toBe(0)
  })

  it('is answered again after reconcile, and leaves nothing where it fails', async () => {
    await sandbox.connect('lan', { gatewayPriority: 1 })
    const failing = { ...publish, sysctls: { 'net.ipv4.conf.IFNAME.nothing': '1' } }
    await expect(sandbox.connect('web', failing)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await rules()).toBe(0)
    await sandbox.connect('web', publish)
    await inside.stack.rules.flush({ priority: 30_000 })
    const [endpoint] = (await sandbox.endpoints()).filter(({ networkName }) => networkName === 'web')
    await inside.stack.links.delete(endpoint!.interfaceName!)
    await lab.networks.reconcile()
    await isAnswered()
    expect(await rules()).toBe(2)
    await lab.networks.reconcile()
    expect(await rules()).toBe(2)
  })

  it('adds no rules where nothing is published, or the default route is by a bridge', async () => {
    await sandbox.connect('web')
    await sandbox.connect('lan', { gatewayPriority: 1 })
    expect(await rules()).toBe(0)
    await sandbox.disconnect('web')
    await sandbox.connect('web', { ...publish, gatewayPriority: 2 })
    expect(await rules()).toBe(0)
  })
})
