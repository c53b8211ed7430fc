/** Closing while calls are under way, and calling afterwards. */
import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContainerNetworks } from '../../../src/container/index.js'
import { needsKind, needsProgram } from '../../setup/requirements.js'
import { Lab } from './lab.js'

describe('close', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft')
  let lab: Lab

  beforeEach(async () => {
    lab = await Lab.open(false)
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  /** Asks for a network and a sandbox, and closes in the same turn. The names of those that were there when it was closed. */
  async function closeAtOnce(opened: ContainerNetworks): Promise<string[]> {
    const { networks, sandboxes } = opened
    const made: string[] = []
    const note = ({ name }: { readonly name: string }): unknown => made.push(name)
    const calls = [networks.create({ name: 'web' }).then(note), sandboxes.create({ name: 'one' }).then(note)]
    await opened.close()
    const names = [...made].sort()
    await Promise.all(calls)
    return names
  }

  it('waits for what is being made, and takes it away where it lives in memory', async () => {
    const [links, namespaces] = [await lab.links(), await readdir('/run/netns')]
    const made = await closeAtOnce(await lab.networksOf({}))
    expect(made).toEqual(['one', 'web'])
    expect([await lab.links(), await readdir('/run/netns')]).toEqual([links, namespaces])
    expect(await lab.rules()).not.toContain('netloom')
  })

  it('waits for what is being made, and leaves it in a state directory', async () => {
    const stateDirectory = await lab.directory()
    const made = await closeAtOnce(await lab.networksOf({ stateDirectory }))
    expect(made).toEqual(['one', 'web'])
    const { networks, sandboxes } = await lab.networksOf({ stateDirectory })
    expect((await networks.get('web')).name).toBe('web')
    await (await sandboxes.get('one')).connect('web')
    await sandboxes.remove('one', { force: true })
    await networks.remove('web')
  })

  it('is the end of all calls', async () => {
    const networks = await lab.networksOf({})
    const sandbox = await networks.sandboxes.create({ name: 'one' })
    const closing = networks.close()
    const calls: (() => Promise<unknown>)[] = [
      () => networks.networks.create({ name: 'web' }),
      () => networks.networks.get('bridge'),
      () => networks.networks.list(),
      () => networks.networks.inspect('bridge'),
      () => networks.networks.remove('bridge'),
      () => networks.sandboxes.create(),
      () => networks.sandboxes.get('one'),
      () => networks.sandboxes.list(),
      () => networks.sandboxes.remove('one'),
      () => sandbox.connect('bridge'),
      () => sandbox.disconnect('bridge'),
      () => sandbox.endpoints(),
      () => sandbox.openNamespace(),
      () => sandbox.spawn('true'),
      () => networks.reconcile(),
      () => networks.settled()
    ]
    const refuse = async (): Promise<void> => {
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    }
    await refuse()
    await closing
    await refuse()
    await networks.close()
  })
})
