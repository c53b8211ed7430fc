/**
 * A process that dies at any moment leaves nothing half done: what it was doing is finished or undone by the next one.
 *
 * `NETLOOM_CRASHES` says how often; `NETLOOM_SEED` makes it the same again, as far as that goes.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContainerNetworks } from '../../../../src/container/index.js'
import { needsKind, needsProgram } from '../../../setup/requirements.js'
import { Lab, hostAddress } from '../lab.js'
import { OtherProcess } from '../other-process.js'
import { act, randomOf } from './actions.js'
import type { Random } from './actions.js'
import { expectAgreement } from './agreement.js'
import { WorkerProcess } from './worker-process.js'

const crashes = Number(process.env['NETLOOM_CRASHES'] ?? 25)
const seed = Number(process.env['NETLOOM_SEED'] ?? Date.now() % 1_000_000)

describe(`a process that is killed (seed ${seed})`, () => {
  needsKind('bridge', 'veth')
  needsProgram('nft')
  let lab: Lab
  let stateDirectory: string
  let next: WorkerProcess | undefined

  beforeEach(async () => {
    lab = await Lab.open(false)
    stateDirectory = await lab.directory()
  })
  afterEach(async () => {
    await next?.kill()
    next = undefined
    await lab[Symbol.asyncDispose]()
  })

  it('leaves nothing behind that is not put right', { timeout: 60_000 + crashes * 20_000 }, async () => {
    const random = randomOf(seed)
    for (let round = 0; round < crashes; round++) {
      await killOne(random)
      const networks = await lab.networksOf({ stateDirectory })
      expect((await networks.reconcile()).removed, `round ${round}`).toEqual([])
      await expectAgreement(networks, lab.host, stateDirectory)
      const again = await networks.reconcile()
      expect(again).toMatchObject({ finished: [], undone: [], removed: [], firewall: false })
      if (round % 5 === 0) await expectTraffic(networks)
      await networks.close()
    }
    await removeEverything()
  })

  it('is no hindrance to one that is at work already', { timeout: 120_000 }, async () => {
    const networks = await lab.networksOf({ stateDirectory })
    const random = randomOf(seed)
    for (let round = 0; round < 3; round++) {
      const killed = killOne(random)
      let working = true
      const work = async (): Promise<void> => {
        while (working) await act(networks, random)
      }
      const workers = [work(), work()]
      await killed
      working = false
      await Promise.all(workers)
      await networks.reconcile()
      await expectAgreement(networks, lab.host, stateDirectory)
    }
    await networks.close()
    await removeEverything()
  })

  /** Kills a process at a random moment: while it opens, or later. The next one is started meanwhile. */
  async function killOne(random: Random): Promise<void> {
    const worker = next ?? new WorkerProcess(lab.host.namespace, stateDirectory, random)
    next = new WorkerProcess(lab.host.namespace, stateDirectory, random)
    await worker.begin(random(8) === 0 ? 'open' : 'ready')
    await delay(random(150) + random(1000) / 1000)
    await worker.kill()
  }

  /** Expects that new sandboxes find each other, whatever was before. */
  async function expectTraffic({ networks, sandboxes }: ContainerNetworks): Promise<void> {
    await networks.create({ name: 'traffic' })
    const one = await sandboxes.create({ name: 'one' })
    await one.connect('traffic')
    const two = await sandboxes.create({ name: 'two' })
    const { address } = await two.connect('traffic', { ports: ['9999:80'] })
    await lab.serve(two, 'two', 80)
    expect(await lab.ask(one, 'tcp', address!.split('/')[0]!, 80)).toContain('two')
    expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet, 9999)).toContain('two')
    for (const { id } of [one, two]) await sandboxes.remove(id, { force: true })
    await networks.remove('traffic')
  }

  /** Expects that all of it can be taken away, and nothing stays. */
  async function removeEverything(): Promise<void> {
    const other = await OtherProcess.start(lab.host.namespace, { stateDirectory })
    await other.run(`
      for (const { id } of await networks.sandboxes.list()) await networks.sandboxes.remove(id, { force: true })
      for (const { id, name } of await networks.networks.list()) {
        if (!['bridge', 'host', 'none'].includes(name)) await networks.networks.remove(id)
      }
      await networks.settled()`)
    const { bridge } = (await other.run(`return networks.networks.inspect('bridge')`)) as { bridge: string }
    await other.close()
    expect((await lab.links()).filter((name) => name !== bridge)).toEqual([])
  }
})
