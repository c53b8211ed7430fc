import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, mkdtemp, readFile, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeMemoryFolder, removeDeadFolders } from '../../../../src/container/engine/memory-folder.js'
import { parseStartTime } from '../../../../src/container/state/process-identity.js'

describe('the folder of what lives in memory', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'netloom-folders-'))
    vi.stubEnv('TMPDIR', directory)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(directory, { recursive: true })
  })

  const namespace = async (): Promise<string> => (await readlink('/proc/self/ns/pid')).replace(/\D/g, '')

  /** How the folder of another process is called, while it runs and then. */
  async function other(check: (name: string, end: () => Promise<unknown>) => Promise<void>): Promise<void> {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    const end = (): Promise<unknown> => {
      child.kill('SIGKILL')
      return ended
    }
    try {
      const start = parseStartTime(await readFile(`/proc/${child.pid}/stat`, 'utf8'))
      await check(`netloom-${await namespace()}-${child.pid}-${start}-abc123`, end)
    } finally {
      await end()
    }
  }

  const make = async (name: string): Promise<void> => {
    await mkdir(join(directory, name, 'sandbox'), { recursive: true })
    await writeFile(join(directory, name, 'sandbox', 'hosts'), '127.0.0.1 localhost')
  }

  it('is removed once its process is dead, and not before', async () => {
    const own = await makeMemoryFolder()
    await other(async (name, end) => {
      await make(name)
      await removeDeadFolders()
      expect((await readdir(directory)).sort()).toEqual([basename(own), name].sort())
      await end()
      await Promise.all([removeDeadFolders(), removeDeadFolders()])
      expect(await readdir(directory)).toEqual([basename(own)])
    })
  })

  it('is left where it is of another PID namespace, of another name, or a link to elsewhere', async () => {
    await other(async (name, end) => {
      await end()
      await make('elsewhere')
      const left = ['elsewhere', name, name.replace(/-\d+/, '-1'), 'netloom-AbCdEf', `${name}-more`]
      for (const each of left.slice(2)) await make(each)
      await symlink(join(directory, 'elsewhere'), join(directory, name))
      await removeDeadFolders()
      expect((await readdir(directory)).sort()).toEqual(left.sort())
      expect(await readdir(join(directory, 'elsewhere', 'sandbox'))).toEqual(['hosts'])
    })
  })

  it("is left where it is another user's", async (context) => {
    await other(async (name, end) => {
      await end()
      await make(name)
      await chown(join(directory, name), 1, 1).catch(() => context.skip('only root gives folders away'))
      await removeDeadFolders()
      expect(await readdir(join(directory, name))).toEqual(['sandbox'])
    })
  })
})
