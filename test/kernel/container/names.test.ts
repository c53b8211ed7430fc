/** Names of sandboxes, as their processes look them up, and who serves them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LocalNameService } from '../../../src/container/dns/index.js'
import { ContainerNetworks } from '../../../src/container/index.js'
import type { Sandbox } from '../../../src/container/index.js'
import { NetworkStack } from '../../../src/index.js'
import { descriptors, descriptorsAtRest } from '../../setup/descriptors.js'
import { kernel, needsKind, needsProgram, program, skipUnless } from '../../setup/requirements.js'
import { Lab, machine } from './lab.js'
import { OtherProcess } from './other-process.js'

let lab: Lab

/** The addresses that a sandbox finds under a name; none if there is no such name. */
async function lookUp(from: Sandbox, name: string): Promise<string[]> {
  const found = await lab.run(from, 'getent', 'ahosts', name).catch(() => '')
  return [...new Set(found.split('\n').flatMap((line) => line.split(/\s+/)[0] || []))].sort()
}

/** What the resolver of a sandbox says of a name, as dig prints it. */
const askResolver = (from: Sandbox, name: string): Promise<string> =>
  lab.run(from, 'dig', '@127.0.0.11', '+tries=1', name)

describe('names', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft', 'getent')

  beforeEach(async () => {
    lab = await Lab.open()
    await lab.networks.networks.create({
      name: 'web',
      ipv6: true,
      pools: [{ subnet: '10.88.0.0/24' }, { subnet: 'fd10:88::/64' }]
    })
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  it('are those of the sandbox, of its aliases, its id, its hostname, and of the network', async () => {
    const { sandboxes } = lab.networks
    const one = await lab.sandbox('web', {}, 'one')
    const two = await sandboxes.create({ name: 'two', hostname: 'box' })
    await two.connect('web', { aliases: ['db'] })
    const addresses = ['10.88.0.3', 'fd10:88::3']
    for (const name of ['two', 'TWO', 'db', 'box', two.id.slice(0, 12), 'two.web', 'db.web']) {
      expect(await lookUp(one, name), name).toEqual(addresses)
    }
    expect((await lab.run(one, 'getent', 'hosts', '10.88.0.3')).trim()).toMatch(/ two\.web$/)
    await two.disconnect('web')
    expect(await lookUp(one, 'two')).toEqual([])
  })

  it('are known on the networks of the sandbox alone, and not on the default one', async () => {
    await lab.networks.networks.create({ name: 'other' })
    const [one, other] = [await lab.sandbox('web', {}, 'one'), await lab.sandbox('other', {}, 'two')]
    const plain = await lab.sandbox('bridge', {}, 'plain')
    expect(await lookUp(one, 'two')).toEqual([])
    expect(await lookUp(one, 'plain')).toEqual([])
    expect(await lookUp(plain, 'one')).toEqual([])
    await one.connect('other')
    expect(await lookUp(one, 'two')).toHaveLength(1)
    await plain.connect('web')
    expect(await lookUp(plain, 'one')).toHaveLength(2)
    expect(await lookUp(other, 'one')).toHaveLength(1)
  })

  it('are found beside a program in the sandbox that listens at port 53 of every address', async () => {
    const one = await lab.sandbox('web', {}, 'one')
    await lab.sandbox('web', {}, 'two')
    await lab.serve(one, 'own', 53)
    expect(await lookUp(one, 'two')).toHaveLength(2)
    for (const address of ['127.0.0.1', '10.88.0.2']) {
      expect(await lab.ask(one, 'udp', address, 53)).toContain('own')
    }
  })

  it('are answered at the same place until the sandbox is removed, and not without a network', async (context) => {
    await skipUnless(context, program('dig'))
    const one = await lab.sandbox('web', {}, 'one')
    await lab.sandbox('web', {}, 'two')
    const { stack } = await lab.inside(one)
    const rules = async () =>
      (await stack.nftables.tables.list({ family: 'ip' })).map(({ comment }) => comment)
    const before = await rules()
    expect(before).toHaveLength(1)
    await one.disconnect('web')
    expect(await askResolver(one, 'two')).toContain('status: SERVFAIL')
    expect(await lab.run(one, 'cat', one.files.resolvConf)).not.toContain('127.0.0.11')
    await lab.networks.networks.create({ name: 'other' })
    await one.connect('other')
    expect(await askResolver(one, 'two')).not.toContain('10.88.0.')
    await one.connect('web')
    expect(await askResolver(one, 'two')).toContain('10.88.0.3')
    expect(await rules()).toEqual(before)
    // What somebody takes away comes back, in a sandbox without a network too.
    await one.disconnect('other')
    await one.disconnect('web')
    await stack.nftables.tables.delete({ family: 'ip', name: 'netloom-dns' })
    await lab.networks.reconcile()
    expect(await rules()).toEqual(before)
  })

  it('without a server there is an error, and nothing is left', async (context) => {
    await skipUnless(context, kernel(5, 12))
    const sandbox = await lab.networks.sandboxes.create()
    const { stack, namespace } = await lab.inside(sandbox)
    // A table that another owns can't be changed, until that is gone.
    const owner = await NetworkStack.open({ namespace })
    await owner.nftables.tables.add({ family: 'ip', name: 'netloom-dns', flags: ['owner'] })
    const before = [await lab.links(), await lab.rules()]
    const options = { ports: ['8080:80'] }
    await expect(sandbox.connect('web', options)).rejects.toMatchObject({ code: 'ERR_NAME_SERVICE' })
    expect([await lab.links(), await lab.rules()]).toEqual(before)
    expect((await stack.links.list()).map(({ name }) => name)).toEqual(['lo'])
    expect(await sandbox.endpoints()).toEqual([])
    await owner.close()
    expect(await sandbox.connect('web', options)).toMatchObject({ ports: [{}, {}] })
    await lab.sandbox('web', {}, 'two')
    expect(await lookUp(sandbox, 'two')).toHaveLength(2)
  })
})

describe('who serves names', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft', 'getent')
  let stateDirectory: string

  beforeEach(async () => {
    lab = await Lab.open(false)
    stateDirectory = await lab.directory()
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  it('is somebody else once one has closed, even if that went wrong', async () => {
    const host = lab.host.namespace
    // What the first opens for good is the runtime's.
    await (await ContainerNetworks.open({ stateDirectory, host })).close()
    const before = await descriptorsAtRest()
    const first = await ContainerNetworks.open({ stateDirectory, host })
    const failing = vi.spyOn(LocalNameService.prototype, 'close').mockRejectedValueOnce(new Error('no rules'))
    await expect(first.close()).rejects.toThrow('no rules')
    failing.mockRestore()
    expect(descriptors()).toBe(before)
    const second = await lab.networksOf({ stateDirectory })
    await second.networks.create({ name: 'web' })
    const [one, two] = [
      await second.sandboxes.create({ name: 'one' }),
      await second.sandboxes.create({ name: 'two' })
    ]
    for (const sandbox of [one, two]) await sandbox.connect('web')
    expect(await lookUp(one, 'two')).toHaveLength(1)
    for (const { id } of [one, two]) await second.sandboxes.remove(id, { force: true })
    await second.networks.remove('web')
  })

  it('tells also what other processes connect', async () => {
    const networks = await lab.networksOf({ stateDirectory })
    await networks.networks.create({ name: 'web' })
    const one = await networks.sandboxes.create({ name: 'one' })
    await one.connect('web')
    const other = await OtherProcess.start(lab.host.namespace, { stateDirectory, nameService: false })
    await other.run(`
      const two = await networks.sandboxes.create({ name: 'two' })
      await two.connect('web')`)
    await expect.poll(() => lookUp(one, 'two')).toHaveLength(1)
    await expect.poll(async () => lookUp(await networks.sandboxes.get('two'), 'one')).toHaveLength(1)
    await other.run(`await networks.sandboxes.remove('two', { force: true })`)
    await expect.poll(() => lookUp(one, 'two')).toEqual([])
    await other.close()
    await networks.sandboxes.remove('one', { force: true })
    await networks.networks.remove('web')
  })

  it('leaves no rules in a namespace that stays, even when killed', async () => {
    const brought = await machine()
    const namespace = JSON.stringify({ path: brought.namespace.path })
    const tables = async () => (await brought.stack.nftables.tables.list()).map(({ name }) => name)
    const other = await OtherProcess.start(lab.host.namespace, { stateDirectory })
    await other.run(`
      await networks.networks.create({ name: 'web' })
      const brought = await networks.sandboxes.create({ name: 'brought', namespace: ${namespace} })
      await brought.connect('web')
      await brought.disconnect('web')`)
    await other.kill()
    expect(await tables()).toEqual(['netloom-dns'])
    const networks = await lab.networksOf({ stateDirectory, nameService: false })
    await networks.sandboxes.remove('brought')
    expect(await tables()).toEqual([])
    await networks.networks.remove('web')
    await brought.stack.close()
    await brought.namespace.close()
  })

  it.each(['kill', 'close'] as const)('is followed by another when it ends by %s', async (how) => {
    const other = await OtherProcess.start(lab.host.namespace, { stateDirectory })
    await other.run(`
      await networks.networks.create({ name: 'web' })
      for (const name of ['one', 'two']) await (await networks.sandboxes.create({ name })).connect('web')`)
    const networks = await lab.networksOf({ stateDirectory })
    const one = await networks.sandboxes.get('one')
    expect(await lookUp(one, 'two')).toHaveLength(1)
    await other[how]()
    await expect.poll(() => lookUp(one, 'two'), { timeout: 10_000, interval: 100 }).toHaveLength(1)
    // And without anybody there is no answer, at once.
    await networks.close()
    expect(await lookUp(one, 'two').catch(() => [])).toEqual([])
    const after = await lab.networksOf({ stateDirectory })
    expect(await lookUp(await after.sandboxes.get('one'), 'two')).toHaveLength(1)
    for (const name of ['one', 'two']) await after.sandboxes.remove(name, { force: true })
    await after.networks.remove('web')
  })
})
