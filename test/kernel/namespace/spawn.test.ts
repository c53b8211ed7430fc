import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import {
  type NamespaceProcess,
  NetworkNamespace,
  type ProcessExit,
  type SpawnOptions
} from '../../../src/namespace/index.js'
import { descriptorsAtRest, descriptorsBack } from '../../setup/descriptors.js'
import { needsProgram, program, skipUnless } from '../../setup/requirements.js'

/** For processes that no test runner prepared. */
const source = new URL('../../../src/namespace/index.ts', import.meta.url).href

/** Runs a program to its end. */
async function output(child: NamespaceProcess): Promise<ProcessExit & { stdout: string; stderr: string }> {
  const [stdout, stderr, exit] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    child.exited
  ])
  return { ...exit, stdout, stderr }
}

const sh = (namespace: NetworkNamespace, script: string, options?: SpawnOptions) =>
  namespace.spawn('sh', ['-c', script], options)

describe('spawn', () => {
  it('runs a program inside', async () => {
    await using namespace = await NetworkNamespace.create()
    const child = await namespace.spawn('readlink', ['/proc/self/ns/net'])
    expect(child.pid).toBeGreaterThan(1)
    expect(child.spawnargs).toEqual(['readlink', '/proc/self/ns/net'])
    const result = await output(child)
    expect(result).toEqual({ code: 0, signal: null, stdout: `net:[${namespace.inode}]\n`, stderr: '' })
    expect(child.exitCode).toBe(0)
    expect(child.signalCode).toBeNull()
    expect(child.kill()).toBe(false)
    expect(child.killed).toBe(false)
  })

  it('writes to it and reads from it', async () => {
    await using namespace = await NetworkNamespace.create()
    const child = await sh(namespace, 'cat; echo done >&2; exit 7')
    const big = 'x'.repeat(1_000_000)
    child.stdin?.end(big)
    const result = await output(child)
    expect(result.stdout).toBe(big)
    expect(result).toMatchObject({ code: 7, stderr: 'done\n' })
  })

  it('emits exit, then close once the streams were read', async () => {
    await using namespace = await NetworkNamespace.create()
    const child = await sh(namespace, 'echo out; exit 3')
    const events: string[] = []
    child.on('exit', (code, signal) => events.push(`exit ${code} ${signal}`))
    child.stdout?.on('end', () => events.push('end'))
    child.on('close', (code, signal) => events.push(`close ${code} ${signal}`))
    const closed = once(child, 'close')
    await child.exited
    child.stdout?.resume()
    await closed
    expect(events.filter((event) => event !== 'end')).toEqual(['exit 3 null', 'close 3 null'])
    expect(events.at(-1)).toBe('close 3 null')
  })

  it('closes although nobody reads', async () => {
    await using namespace = await NetworkNamespace.create()
    const child = await sh(namespace, 'echo out; echo err >&2')
    expect(await once(child, 'close')).toEqual([0, null])
  })

  it('keeps what it wrote for who reads late', async () => {
    await using namespace = await NetworkNamespace.create()
    const child = await sh(namespace, 'head -c 150000 /dev/zero; echo err >&2')
    await once(child, 'close')
    expect((await text(child.stdout!)).length).toBe(150_000)
    expect(await text(child.stderr!)).toBe('err\n')
  })

  it('holds a writer up while nobody reads', async () => {
    await using namespace = await NetworkNamespace.create()
    const child = await sh(namespace, 'head -c 3000000 /dev/zero')
    // It can't end before somebody reads.
    const first = await Promise.race([
      child.exited,
      new Promise((resolve) => setTimeout(resolve, 100, 'waits'))
    ])
    expect(first).toBe('waits')
    expect(child.stdout!.readableLength).toBeLessThan(500_000)
    expect((await output(child)).stdout.length).toBe(3_000_000)
  })

  it('can be killed', async () => {
    await using namespace = await NetworkNamespace.create()
    const child = await namespace.spawn('sleep', ['1000'])
    expect(child.kill(0)).toBe(true)
    expect(child.killed).toBe(false)
    expect(child.kill()).toBe(true)
    expect(child.killed).toBe(true)
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' })
    expect(child).toMatchObject({ exitCode: null, signalCode: 'SIGTERM' })
    expect(() => child.kill('SIGNOPE' as NodeJS.Signals)).toThrow(TypeError)

    const other = await namespace.spawn('sleep', ['1000'])
    other.kill(36)
    expect(await other.exited).toEqual({ code: null, signal: 'SIGRTMIN+2' })
  })

  it('is killed by an AbortSignal and by a timeout', async () => {
    await using namespace = await NetworkNamespace.create()
    const controller = new AbortController()
    const child = await namespace.spawn('sleep', ['1000'], {
      signal: controller.signal,
      killSignal: 'SIGINT'
    })
    controller.abort()
    expect(await child.exited).toEqual({ code: null, signal: 'SIGINT' })
    const reason = new Error('before')
    await expect(namespace.spawn('sleep', ['1000'], { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason
    )
    const slow = await namespace.spawn('sleep', ['1000'], { timeout: 10, killSignal: 'SIGKILL' })
    expect(await slow.exited).toEqual({ code: null, signal: 'SIGKILL' })
  })

  it('starts with a clean signal mask and closes what is not handed to it', async () => {
    await using namespace = await NetworkNamespace.create()
    const status = await output(await namespace.spawn('cat', ['/proc/self/status']))
    expect(status.stdout).toMatch(/SigBlk:\s+0000000000000000/)
    const open = await output(await namespace.spawn('ls', ['/proc/self/fd']))
    // ls has the folder open too.
    expect(open.stdout.trim().split('\n')).toEqual(['0', '1', '2', '3'])
  })

  it('takes a directory, an environment, and argv[0]', async () => {
    await using namespace = await NetworkNamespace.create()
    const folder = join(tmpdir(), `netloom-spawn-${process.pid}`)
    mkdirSync(folder)
    const child = await sh(namespace, 'pwd; echo "$A$B"; echo "$0"; tr "\\0" " " < /proc/$$/cmdline', {
      cwd: folder,
      env: { PATH: process.env['PATH'], A: '1', B: undefined },
      argv0: 'netloom-sh'
    })
    const { stdout } = await output(child)
    rmSync(folder, { recursive: true })
    const [cwd, variables, , commandLine] = stdout.split('\n')
    expect(cwd).toBe(folder)
    expect(variables).toBe('1')
    expect(commandLine).toMatch(/^netloom-sh -c/)
  })

  it('connects descriptors as it is told', async () => {
    await using namespace = await NetworkNamespace.create()
    const file = join(tmpdir(), `netloom-stdio-${process.pid}`)
    const fd = openSync(file, 'w')
    const child = await sh(namespace, 'cat; echo to-file >&2; echo to-pipe >&4; cat <&5', {
      stdio: ['ignore', 'pipe', fd, 'ignore', 'pipe', 'pipe']
    })
    closeSync(fd)
    expect(child.stdin).toBeNull()
    expect(child.stderr).toBeNull()
    expect(child.stdio[3]).toBeNull()
    child.stdio[5]?.end('through 5')
    const [four, { stdout }] = await Promise.all([text(child.stdio[4]!), output(child)])
    expect(four).toBe('to-pipe\n')
    expect(stdout).toBe('through 5')
    expect(readFileSync(file, 'utf8')).toBe('to-file\n')
    rmSync(file)
  })

  it('can be another user', async (context) => {
    await skipUnless(context, async () =>
      process.env['NETLOOM_TEST_ISOLATION'] === 'user' ? 'a user namespace has one user only' : undefined
    )
    await using namespace = await NetworkNamespace.create()
    const { stdout } = await output(await sh(namespace, 'id -u; id -g; id -G', { uid: 1234, gid: 5678 }))
    expect(stdout).toBe('1234\n5678\n5678\n')
  })

  it('can have a session of its own', async () => {
    await using namespace = await NetworkNamespace.create()
    const session = async (options: SpawnOptions) => {
      const child = await sh(namespace, 'cut -d" " -f6 /proc/$$/stat', options)
      return { pid: child.pid, session: Number((await output(child)).stdout) }
    }
    const own = await session({ detached: true })
    expect(own.session).toBe(own.pid)
    const shared = await session({})
    expect(shared.session).not.toBe(shared.pid)
  })

  it('rejects when it can not be started, and leaves nothing', async () => {
    await using namespace = await NetworkNamespace.create()
    await namespace.spawn('true').then((child) => once(child, 'close'))
    const before = await descriptorsAtRest()
    // A folder in PATH that may not be searched would make it EACCES.
    const env = { PATH: '/usr/bin:/bin' }
    await expect(namespace.spawn('netloom-no-such-program', [], { env })).rejects.toMatchObject({
      name: 'NetlinkError',
      code: 'ENOENT',
      message: expect.stringContaining('namespace.spawn(["netloom-no-such-program"])') as unknown
    })
    await expect(namespace.spawn('/etc/passwd')).rejects.toMatchObject({ code: 'EACCES' })
    await expect(namespace.spawn('true', [], { cwd: '/nowhere' })).rejects.toMatchObject({
      code: 'ENOENT',
      syscall: 'chdir'
    })
    await expect(namespace.spawn('true', [], { stdio: [999999] })).rejects.toMatchObject({ code: 'EBADF' })
    await descriptorsBack(before)
    expect(
      execFileSync('ps', ['--ppid', String(process.pid), '-o', 'stat='], { encoding: 'utf8' })
    ).not.toMatch(/Z/)
  })

  it('runs many at once, and leaves nothing', async () => {
    await using namespace = await NetworkNamespace.create()
    await namespace.spawn('true').then((child) => once(child, 'close'))
    const before = await descriptorsAtRest()
    const outputs = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const child = await sh(namespace, `echo ${i}; exit ${i}`)
        const closed = once(child, 'close')
        const result = await output(child)
        await closed
        return result
      })
    )
    outputs.forEach(({ code, stdout }, i) => {
      expect(code).toBe(i)
      expect(stdout).toBe(`${i}\n`)
    })
    await descriptorsBack(before)
  })

  it('does not hold this process once unreferenced', () => {
    const script = `
      const { NetworkNamespace } = await import(${JSON.stringify(source)})
      const namespace = await NetworkNamespace.create()
      const child = await namespace.spawn('sleep', ['1000'], { stdio: 'ignore' })
      console.log(child.pid)
      child.unref()
    `
    const pid = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 120_000
    })
    expect(Number(pid)).toBeGreaterThan(1)
    expect(readFileSync(`/proc/${Number(pid)}/comm`, 'utf8')).toBe('sleep\n')
    process.kill(Number(pid), 'SIGKILL')
  })
})

describe('the mounts of a process', () => {
  it('show the links of the namespace in /sys, and leave ours alone', async (context) => {
    await skipUnless(context, program('ip'))
    await using namespace = await NetworkNamespace.create()
    const before = readlinkSync('/proc/self/ns/mnt')
    await output(await namespace.spawn('ip', ['link', 'add', 'br7', 'type', 'bridge']))
    const { stdout } = await output(await sh(namespace, 'ls /sys/class/net; readlink /proc/self/ns/mnt'))
    const lines = stdout.trim().split('\n')
    expect(lines).toContain('br7')
    expect(lines.at(-1)).not.toBe(before)
    expect(readdirSync('/sys/class/net')).not.toContain('br7')
    expect(readlinkSync('/proc/self/ns/mnt')).toBe(before)
  })

  it('are those of this process when asked for', async () => {
    await using namespace = await NetworkNamespace.create()
    const { stdout } = await output(
      await namespace.spawn('readlink', ['/proc/self/ns/mnt'], { mounts: false })
    )
    expect(stdout.trim()).toBe(readlinkSync('/proc/self/ns/mnt'))
  })

  it('bind the files of /etc/netns/NAME over those of /etc', () => {
    // In a process with an /etc of its own, since that of the machine is not ours to change.
    const prepare = `
      set -e
      mkdir -p /run/etc
      mount -t tmpfs tmpfs /run/etc
      cp -L /etc/passwd /etc/group /etc/ld.so.cache /run/etc
      mkdir -p /run/etc/netns/nl-etc/passwd /run/etc/folder /run/etc/netns/nl-etc/folder
      echo outside > /run/etc/hostname
      echo inside > /run/etc/netns/nl-etc/hostname
      echo inside > /run/etc/netns/nl-etc/folder/file
      echo inside > /run/etc/netns/nl-etc/not-in-etc
      mount --move /run/etc /etc
      exec "$@"
    `
    const script = `
      import { text } from 'node:stream/consumers'
      const { NetworkNamespace } = await import(${JSON.stringify(source)})
      const namespace = await NetworkNamespace.create('nl-etc', { removeOnClose: true })
      const command = 'cat /etc/hostname /etc/folder/file; test -f /etc/passwd && ls /etc/not-in-etc'
      const bound = await namespace.spawn('sh', ['-c', command])
      const plain = await namespace.spawn('cat', ['/etc/hostname'], { mounts: false })
      console.log(JSON.stringify([await text(bound.stdout), await text(plain.stdout), (await bound.exited).code]))
      await namespace.close()
    `
    const printed = execFileSync(
      'unshare',
      [
        '-m',
        'sh',
        '-c',
        prepare,
        'sh',
        process.execPath,
        '--import',
        'tsx',
        '--input-type=module',
        '-e',
        script
      ],
      { encoding: 'utf8' }
    )
    expect(JSON.parse(printed)).toEqual(['inside\ninside\n', 'outside\n', 2])
  })

  describe('beside ip netns exec', () => {
    needsProgram('ip')

    it('are the same', async () => {
      await using namespace = await NetworkNamespace.create('nl-exec', { removeOnClose: true })
      const script = 'readlink /proc/self/ns/net; ls /sys/class/net; findmnt -no FSTYPE /sys'
      const theirs = execFileSync('ip', ['netns', 'exec', 'nl-exec', 'sh', '-c', script], {
        encoding: 'utf8'
      })
      const { stdout } = await output(await sh(namespace, script))
      expect(stdout).toBe(theirs)
    })
  })
})
