import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SandboxFiles } from '../../../../src/container/naming/sandbox-files.js'

describe('the files of a sandbox', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'netloom-files-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('are rewritten in place, and readable for everybody', async () => {
    const files = new SandboxFiles(join(directory, 'sandboxes'))
    const { hosts, hostname } = files.pathsOf('one')
    const before = process.umask(0o077)
    try {
      await files.write('one', { resolvConf: 'r', hosts: 'a long line', hostname: 'box\n' })
    } finally {
      process.umask(before)
    }
    expect(statSync(hosts).mode & 0o777).toBe(0o644)
    const { ino, mtimeMs } = statSync(hosts)
    const { mtimeMs: untouched } = statSync(hostname)
    await files.write('one', { resolvConf: 'r', hosts: 'short', hostname: 'box\n' })
    expect(readFileSync(hosts, 'utf8')).toBe('short')
    expect(statSync(hosts).ino).toBe(ino)
    expect(statSync(hosts).mtimeMs).not.toBe(mtimeMs)
    expect(statSync(hostname).mtimeMs).toBe(untouched)
    writeFileSync(hosts, 'somebody else')
    await files.write('one', { resolvConf: 'r', hosts: 'short', hostname: 'box\n' })
    expect(readFileSync(hosts, 'utf8')).toBe('short')
    await files.remove('one')
    await files.remove('one')
    expect(() => statSync(join(hosts, '..'))).toThrow('ENOENT')
  })

  it('are readable for everybody when they come back, one or all of them', async () => {
    const files = new SandboxFiles(join(directory, 'sandboxes'))
    const { resolvConf, hosts, hostname } = files.pathsOf('one')
    const folder = join(hosts, '..')
    const write = () => files.write('one', { resolvConf: 'r', hosts: 'h', hostname: 'box\n' })
    const modes = (): number[] =>
      [join(folder, '..'), folder, resolvConf, hosts, hostname].map((path) => statSync(path).mode & 0o777)
    const everybody = [0o755, 0o755, 0o644, 0o644, 0o644]
    const before = process.umask(0o077)
    try {
      await write()
      expect(modes()).toEqual(everybody)
      rmSync(resolvConf)
      // One that was left by a process which was killed when it had made it.
      rmSync(hostname)
      writeFileSync(hostname, '')
      await write()
      expect(modes()).toEqual(everybody)
      expect([readFileSync(resolvConf, 'utf8'), readFileSync(hostname, 'utf8')]).toEqual(['r', 'box\n'])
      rmSync(folder, { recursive: true })
      await write()
      expect(modes()).toEqual(everybody)
    } finally {
      process.umask(before)
    }
  })
})
