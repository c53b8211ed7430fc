/** What was taken away, left behind or half done is put right. */
import { randomUUID } from 'node:crypto'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bridgeDriver } from '../../../src/container/drivers/bridge/driver.js'
import type { ContainerNetworks, NetworkDriver } from '../../../src/container/index.js'
import { NetworkNamespace, NetworkStack } from '../../../src/index.js'
import { needsKind, needsProgram } from '../../setup/requirements.js'
import { Lab, hostAddress, machine } from './lab.js'
import { OtherProcess } from './other-process.js'

const inNetns = async () => (await readdir('/run/netns')).filter((name) => name.startsWith('netloom-'))

describe('reconcile', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft', 'ping', 'getent')
  let lab: Lab
  let networks: ContainerNetworks
  let stateDirectory: string

  beforeEach(async () => {
    lab = await Lab.open(false)
    stateDirectory = await lab.directory()
    networks = await lab.networksOf({ stateDirectory })
  })
  afterEach(async () => {
    for (const { id } of await networks.sandboxes.list()) await networks.sandboxes.remove(id, { force: true })
    await lab[Symbol.asyncDispose]()
    expect(await inNetns()).toEqual([])
  })

  it('puts back what somebody took away', async () => {
    const web = await networks.networks.create({ name: 'web', pools: [{ subnet: '10.88.0.0/24' }] })
    const [one, two] = [
      await networks.sandboxes.create({ name: 'one' }),
      await networks.sandboxes.create({ name: 'two' })
    ]
    for (const sandbox of [one, two]) await sandbox.connect('web', { ports: [{ containerPort: 80 }] })
    const { hostPort } = (await one.endpoints())[0]!.ports[0]!
    await lab.serve(one, 'one', 80)
    const works = async (): Promise<void> => {
      expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet, hostPort)).toContain('one')
      expect(await lab.run(two, 'getent', 'hosts', 'one')).toContain('10.88.0.2')
      expect(await lab.pings(two, hostAddress.inet)).toBe(true)
      expect(await readFile(one.files.hosts, 'utf8')).toContain('10.88.0.2')
    }
    await works()
    const rules = await lab.rules()
    const kept = (await networks.reconcile()).adopted.map(({ id }) => id)
    expect(kept).toEqual(expect.arrayContaining([web.id, one.id, two.id]))
    expect((await networks.reconcile()).firewall).toBe(false)
    await works()

    await lab.run(lab.host, 'nft', 'flush', 'ruleset')
    await lab.host.stack.links.delete(`nl-${web.id.slice(0, 12)}`)
    await lab.host.stack.links.delete((await two.endpoints())[0]!.hostInterfaceName!)
    const inside = await lab.inside(one)
    await inside.stack.links.set('eth0', { up: false })
    await lab.run(inside, 'nft', 'flush', 'ruleset')
    await rm(join(one.files.hosts, '..'), { recursive: true })
    expect(await lab.tries(lab.outside, 'tcp', hostAddress.inet, hostPort)).toBeUndefined()

    expect(await networks.reconcile()).toMatchObject({
      firewall: true,
      removed: [],
      undone: [],
      finished: []
    })
    await works()
    expect(sorted(await lab.rules())).toBe(sorted(rules))
    expect((await networks.reconcile()).firewall).toBe(false)
  })

  it('removes what bears its mark and is not known, and leaves what others made', async () => {
    await networks.networks.create({ name: 'web' })
    const sandbox = await networks.sandboxes.create()
    await sandbox.connect('web')
    const other = await lab.networksOf({})
    await other.networks.create({ name: 'web' })
    const theirs = await other.sandboxes.create()
    await theirs.connect('web')
    const before = { links: (await lab.links()).sort(), names: await inNetns() }

    const { stack } = lab.host
    const { bridge } = await networks.networks.inspect('web')
    const { alias } = await stack.links.get(bridge!)
    expect(alias).toMatch(/^netloom:[0-9a-f]{12}$/)
    await stack.links.add({ kind: 'bridge', name: 'nl-000000000000', alias: alias! })
    await stack.links.add({
      kind: 'veth',
      name: 'veth00000000000',
      master: bridge!,
      peer: { name: 'veth1111' }
    })
    await using lost = await NetworkNamespace.create('netloom-000000000000')
    await using inside = await NetworkStack.open({ namespace: lost })
    await inside.links.set('lo', { alias: alias! })

    const { removed } = await networks.reconcile()
    expect(removed.map(({ object, id }) => `${object} ${id}`).sort()).toEqual([
      'link nl-000000000000',
      'link veth00000000000',
      'namespace netloom-000000000000'
    ])
    expect({ links: (await lab.links()).sort(), names: await inNetns() }).toEqual(before)
    expect(await lab.pings(theirs, (await theirs.endpoints())[0]!.gateway!)).toBe(true)
    await networks.sandboxes.remove(sandbox.id, { force: true })
    await networks.networks.remove('web')
  })

  it('goes on while sandboxes of others come and go', async () => {
    const { sandboxes } = await lab.networksOf({})
    let working = true
    const work = async (): Promise<void> => {
      while (working) await sandboxes.remove((await sandboxes.create()).id)
    }
    const workers = [work(), work(), work(), work()]
    try {
      for (let round = 0; round < 50; round++) expect((await networks.reconcile()).removed).toEqual([])
    } finally {
      working = false
      await Promise.all(workers)
    }
  })

  it('removes what a process has left behind that kept its state in memory', async () => {
    const other = await OtherProcess.start(lab.host.namespace, {})
    await other.run(`
      await networks.networks.create({ name: 'web' })
      for (const name of ['one', 'two']) {
        const sandbox = await networks.sandboxes.create({ name })
        await sandbox.connect('web', { ports: [{ containerPort: 80 }] })
      }`)
    const left = [...(await lab.links()), ...(await inNetns())]
    expect(left).toHaveLength(5)
    expect((await networks.reconcile()).removed).toEqual([])
    await other.kill()
    const { removed } = await networks.reconcile()
    expect(removed.map(({ id }) => id).sort()).toEqual(left.sort())
    expect([...(await lab.links()), ...(await inNetns())]).toEqual([])
    expect(await lab.rules()).toBe('')
  })

  it('brings networks back after a reboot, and drops sandboxes', async () => {
    const bootId = join(stateDirectory, 'boot')
    await writeFile(bootId, `${randomUUID()}\n`)
    const another = `mount --bind '${bootId}' /proc/sys/kernel/random/boot_id`
    const before = await OtherProcess.start(lab.host.namespace, { stateDirectory }, another)
    await before.run(`
      await networks.networks.create({ name: 'web', pools: [{ subnet: '10.88.0.0/29' }] })
      for (let i = 0; i < 5; i++) {
        await (await networks.sandboxes.create()).connect('web', { ports: [\`\${8000 + i}:80\`] })
      }`)
    await before.close()
    for (const name of await inNetns()) await NetworkNamespace.remove(name)
    const host = await machine()
    const after = await OtherProcess.start(host.namespace, { stateDirectory })
    expect(await after.run('return (await networks.sandboxes.list()).length')).toBe(0)
    const { bridge, endpoints } = (await after.run(`return networks.networks.inspect('web')`)) as {
      bridge: string
      endpoints: []
    }
    expect(endpoints).toEqual([])
    expect((await host.stack.links.get(bridge)).up).toBe(true)
    // All addresses and ports are free again.
    await after.run(`
      for (let i = 0; i < 5; i++) {
        await (await networks.sandboxes.create()).connect('web', { ports: [\`\${8000 + i}:80\`] })
      }
      for (const { id } of await networks.sandboxes.list()) await networks.sandboxes.remove(id, { force: true })
      await networks.networks.remove('web')`)
    expect(await readdir(join(stateDirectory, 'sandboxes'))).toEqual([])
    await after.close()
    await host.stack.close()
    await host.namespace.close()
  })

  it('is content with a namespace that another process removes meanwhile', async () => {
    const name = 'netloom-000000000000'
    await using _ = await NetworkNamespace.create(name)
    const list = NetworkNamespace.list.bind(NetworkNamespace)
    const listed = vi.spyOn(NetworkNamespace, 'list').mockImplementation(async (options) => {
      const entries = await list(options)
      await NetworkNamespace.remove(name)
      return entries
    })
    try {
      expect((await networks.reconcile()).removed).toEqual([])
    } finally {
      listed.mockRestore()
    }
    expect(await inNetns()).toEqual([])
  })

  it('makes nothing again that another process disconnects meanwhile', async () => {
    let reached = (): void => undefined
    let wait: Promise<void> | undefined
    const slow: NetworkDriver = {
      ...bridgeDriver,
      name: 'slow',
      async ensureEndpoint(...args) {
        reached()
        await wait
        return bridgeDriver.ensureEndpoint(...args)
      }
    }
    const directory = await lab.directory()
    const options = { stateDirectory: directory, drivers: [slow] }
    const a = await lab.networksOf(options)
    const b = await lab.networksOf({ ...options, nameService: false })
    const web = await a.networks.create({ name: 'web', driver: 'slow', pools: [{ subnet: '10.88.0.0/24' }] })
    const one = await a.sandboxes.create({ name: 'one' })
    await one.connect('web', { ports: ['8080:80'] })
    const two = await a.sandboxes.create({ name: 'two' })

    let goOn = (): void => undefined
    wait = new Promise((resolve) => (goOn = resolve))
    const atEndpoint = new Promise<void>((resolve) => (reached = resolve))
    const reconciled = b.reconcile()
    await atEndpoint
    await one.disconnect('web')
    await a.settled()
    goOn()
    wait = undefined
    expect((await reconciled).adopted.filter(({ object }) => object === 'endpoint')).toEqual([])

    expect(await lab.links()).toEqual([`nl-${web.id.slice(0, 12)}`])
    const neighbors = await lab.host.stack.neighbors.list()
    expect(neighbors.filter(({ state }) => state === 'permanent')).toEqual([])
    expect((await two.connect('web', { ports: ['8080:80'] })).ports).toHaveLength(1)
    for (const { id } of [one, two]) await a.sandboxes.remove(id, { force: true })
    await a.networks.remove('web')
  })

  it('tells what it can not do, and does the rest', async () => {
    await lab.host.stack.links.add({ kind: 'bridge', name: 'br7' })
    await networks.networks.create({ name: 'a', bridge: { name: 'br7', existing: true } })
    const web = await networks.networks.create({ name: 'b' })
    await lab.host.stack.links.delete('br7')
    await lab.host.stack.links.delete(`nl-${web.id.slice(0, 12)}`)
    await expect(networks.reconcile()).rejects.toMatchObject({ code: 'ERR_LINK_NOT_FOUND' })
    expect(await lab.links()).toEqual([`nl-${web.id.slice(0, 12)}`])
    await networks.networks.remove('a')
    await networks.networks.remove('b')
    expect((await networks.reconcile()).firewall).toBe(false)
  })
})

/** The lines of a rule set whose elements may be listed in another order. */
const sorted = (text: string): string =>
  text
    .split(/[\n,{}]+/)
    .map((line) => line.trim())
    .sort()
    .join('\n')
