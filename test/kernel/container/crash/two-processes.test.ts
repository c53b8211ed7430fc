/** Two processes on one state directory do at once what they like, and neither is in the other's way. */
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { needsKind, needsProgram } from '../../../setup/requirements.js'
import { Lab } from '../lab.js'
import { OtherProcess } from '../other-process.js'
import { randomOf } from './actions.js'
import { expectAgreement } from './agreement.js'
import { WorkerProcess } from './worker-process.js'

const seed = Number(process.env['NETLOOM_SEED'] ?? Date.now() % 1_000_000)

describe(`two processes (seed ${seed})`, () => {
  needsKind('bridge', 'veth')
  needsProgram('nft')
  let lab: Lab
  let stateDirectory: string

  beforeEach(async () => {
    lab = await Lab.open(false)
    stateDirectory = await lab.directory()
  })
  afterEach(async () => {
    const networks = await lab.networksOf({ stateDirectory })
    for (const { id } of await networks.sandboxes.list()) await networks.sandboxes.remove(id, { force: true })
    await lab[Symbol.asyncDispose]()
  })

  it('do random things', { timeout: 60_000 }, async () => {
    const random = randomOf(seed)
    const workers = [1, 2].map(() => new WorkerProcess(lab.host.namespace, stateDirectory, random))
    await Promise.all(workers.map((worker) => worker.begin('ready')))
    await delay(4_000)
    await Promise.all(workers.map((worker) => worker.stop()))
    const networks = await lab.networksOf({ stateDirectory })
    await expectAgreement(networks, lab.host, stateDirectory)
    const report = await networks.reconcile()
    expect(report).toMatchObject({ finished: [], undone: [], removed: [], firewall: false })
  })

  it('connect one sandbox to several networks', { timeout: 60_000 }, async () => {
    const others = await Promise.all(
      [1, 2].map(() => OtherProcess.start(lab.host.namespace, { stateDirectory, nameService: false }))
    )
    const [first, second] = others as [OtherProcess, OtherProcess]
    await first.run(`
      for (const name of 'abcdefgh') await networks.networks.create({ name })
      await networks.sandboxes.create({ name: 'one' })`)
    const connect = (names: string) => `
      const one = await networks.sandboxes.get('one')
      for (const name of '${names}') await one.connect(name, { ports: [{ containerPort: 80 }] })`
    await Promise.all([first.run(connect('abgh')), second.run(connect('dcef'))])
    const networks = await lab.networksOf({ stateDirectory })
    expect(await (await networks.sandboxes.get('one')).endpoints()).toHaveLength(8)
    await expectAgreement(networks, lab.host, stateDirectory)
    const disconnect = (names: string) => `
      const one = await networks.sandboxes.get('one')
      for (const name of '${names}') await one.disconnect(name)
      await networks.settled()`
    await Promise.all([first.run(disconnect('adg')), second.run(disconnect('bce'))])
    await expectAgreement(networks, lab.host, stateDirectory)
    // Both ask for the same, and one gets it.
    const same = `return networks.sandboxes.create({ name: 'same' }).then(() => 'made', ({ code }) => code)`
    expect((await Promise.all([first.run(same), second.run(same)])).sort()).toEqual([
      'ERR_SANDBOX_EXISTS',
      'made'
    ])
    await Promise.all(others.map((other) => other.close()))
  })
})
