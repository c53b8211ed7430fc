/** What a process leaves behind that kept its networks in memory, and was killed. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { needsKind, needsProgram } from '../../setup/requirements.js'
import { Lab } from './lab.js'
import { OtherProcess } from './other-process.js'

describe('a process that was killed', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft')
  let lab: Lab
  let temporary: string

  beforeEach(async () => {
    lab = await Lab.open(false)
    temporary = await mkdtemp(join(tmpdir(), 'netloom-killed-'))
    vi.stubEnv('TMPDIR', temporary)
  })
  afterEach(async () => {
    await lab[Symbol.asyncDispose]()
    vi.unstubAllEnvs()
    await rm(temporary, { recursive: true })
  })

  /** Files of sandboxes; the loader of the other process keeps something of its own there. */
  const folders = async (): Promise<string[]> =>
    (await readdir(temporary)).filter((name) => name.startsWith('netloom-')).sort()

  it('leaves files in memory, which the next process removes', async () => {
    const left = await readdir('/run/netns')
    const other = await OtherProcess.start(lab.host.namespace, {})
    await other.run("await (await networks.sandboxes.create({ name: 'one' })).connect('bridge')")
    const [theirs] = await folders()
    const before = await lab.networksOf({})
    expect(await folders()).toEqual(expect.arrayContaining([theirs]))
    await before.close()
    expect(await folders()).toEqual([theirs])
    await other.kill()
    const after = await lab.networksOf({})
    expect(await folders()).not.toContain(theirs)
    await after.reconcile()
    expect(await readdir('/run/netns')).toEqual(left)
    await after.close()
    expect(await folders()).toEqual([])
  })
})
