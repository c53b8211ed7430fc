import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type NativeNamespace, type NativeSpawnOptions, binding } from '../../../src/binding.js'
import { descriptorsAtRest, descriptorsBack } from '../../setup/descriptors.js'
import { testNamespace } from '../../setup/namespace.js'
import { program, skipUnless } from '../../setup/requirements.js'
import * as message from './messages.js'
import { needsPlainAddon } from './plain.js'

/** Where each thread of this process is, by its name. */
const whereabouts = () =>
  readdirSync('/proc/self/task').map((id) => ({
    name: readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim(),
    net: readlinkSync(`/proc/self/task/${id}/ns/net`)
  }))

const shell = (script: string, more: Partial<NativeSpawnOptions> = {}): NativeSpawnOptions => ({
  file: 'sh',
  args: ['sh', '-c', script],
  env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'],
  stdio: [-1, -1, 2],
  mountSys: false,
  binds: [],
  ...more
})

describe('runInNamespace', () => {
  needsPlainAddon()

  it('runs inside and comes back, also when the function throws', async () => {
    await using ns = await testNamespace()
    const home = binding().currentNamespace()
    const inside = binding().runInNamespace(ns.native, () => binding().currentNamespace().inode)
    expect(inside).toBe(ns.native.inode)
    expect(() =>
      binding().runInNamespace(ns.native, () => {
        throw new RangeError('as it was')
      })
    ).toThrow(new RangeError('as it was'))
    expect(binding().currentNamespace().inode).toBe(home.inode)
    ns.close()
    expect(() => binding().runInNamespace(ns.native, () => 1)).toThrow(TypeError)
    home.close()
  })

  it('leaves no thread in the namespace, whatever was started there', async () => {
    await using ns = await testNamespace()
    const home = readlinkSync('/proc/self/ns/net')
    const { sockets, subscription } = binding().runInNamespace(ns.native, () => ({
      sockets: Array.from({ length: 8 }, () => binding().openSocket({ protocol: 0 })),
      subscription: binding().openSubscription({ protocol: 0 }, [1])
    }))
    // What happens before it is open is not heard.
    const followed = await subscription
    // Opened without a namespace, they belong to the one that the thread was in then.
    for (const socket of await Promise.all(sockets)) {
      await socket.exchange(message.setLoopback(true), undefined, 1)
      await socket.close()
    }
    expect((await followed.read())?.messages.length).toBeGreaterThan(0)
    await followed.close()
    // A worker that had no turn yet is where it was started.
    await expect.poll(() => whereabouts().filter(({ net }) => net !== home)).toEqual([])
    expect(whereabouts().some(({ name }) => name === 'netloom-worker')).toBe(true)
  })
})

describe('namespaces', () => {
  needsPlainAddon()

  it('are pinned, opened, refused when they exist, and removed', async () => {
    const path = '/run/netns/netloom-binding'
    const made = await binding().createNamespace(path)
    const opened = await binding().openNamespace(path)
    expect([opened.inode, opened.device]).toEqual([made.inode, made.device])
    await expect(binding().createNamespace(path)).rejects.toMatchObject({ errno: -17, syscall: 'open', path })
    const adopted = await binding().adoptNamespace(made.fd)
    expect(adopted.inode).toBe(made.inode)
    await binding().unpinNamespace(path)
    expect(existsSync(path)).toBe(false)
    await expect(binding().unpinNamespace(path)).rejects.toMatchObject({ errno: -2, path })
    await expect(binding().openNamespace(path)).rejects.toMatchObject({ errno: -2, syscall: 'open', path })
    await expect(binding().openNamespace('/proc/self/ns/mnt')).rejects.toMatchObject({ errno: -22 })
    for (const each of [made, opened, adopted]) each.close()
    expect(made.fd).toBe(-1)
    made.close()
  })

  it('are no objects of anybody else', async () => {
    const forged = Object.create(
      Object.getPrototypeOf(binding().currentNamespace()) as object
    ) as NativeNamespace
    expect(() => binding().openSocket({ protocol: 0, namespace: forged })).toThrow(TypeError)
    const { constructor } = binding().currentNamespace() as unknown as { constructor: new () => unknown }
    expect(() => new constructor()).toThrow('Illegal constructor')
  })

  it('leave no descriptor behind', async () => {
    const cycle = async () => {
      const ns = await binding().createNamespace(undefined)
      const socket = await binding().openSocket({ protocol: 0, namespace: ns })
      const subscription = await binding().openSubscription({ protocol: 0, namespace: ns }, [1])
      await socket.dump(message.dumpLinks(), undefined, 1).read()
      await subscription.close()
      await socket.close()
      ns.close()
    }
    await cycle()
    const before = await descriptorsAtRest()
    for (let turn = 0; turn < 50; turn++) await cycle()
    // A connection lives until its worker has let go of it.
    await descriptorsBack(before)
  })
})

describe('inside a namespace', () => {
  needsPlainAddon()

  it('files below /proc are its own', async () => {
    await using ns = await testNamespace()
    const path = '/proc/sys/net/ipv4/conf/all/rp_filter'
    const outside = readFileSync(path, 'utf8')
    const other = outside === '2\n' ? '1' : '2'
    const missing = '/proc/sys/net/nonesuch'
    // What comes after a failure isn't tried.
    const written = await binding().writeFiles(ns.native, [
      [path, other],
      [path, 'text'],
      [path, outside.trim()]
    ])
    expect(written).toEqual([undefined, expect.objectContaining({ errno: -22, syscall: 'write', path })])
    const read = await binding().readFiles(ns.native, [path, missing, '/proc/net/dev'])
    expect(read).toEqual([
      `${other}\n`,
      expect.objectContaining({ errno: -2, syscall: 'open', path: missing }),
      expect.stringContaining('lo:')
    ])
    expect(readFileSync(path, 'utf8')).toBe(outside)
  })

  it('a server of this process listens', async (context) => {
    await skipUnless(context, program('nsenter'), program('bash'))
    await using ns = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    await socket.exchange(message.setLoopback(true), undefined, 1)
    await socket.close()
    const listening = {
      family: 'inet',
      type: 'stream',
      bind: { address: '127.0.0.1', port: 80 },
      listen: 16
    } as const
    const fd = await binding().openInetSocket(ns.native, listening)
    const server = createServer((peer) => peer.end('hello'))
    await new Promise<void>((resolve) => server.listen({ fd }, resolve))
    await expect(binding().openInetSocket(ns.native, listening)).rejects.toMatchObject({
      errno: -98,
      syscall: 'bind'
    })
    expect(await ns.run('bash', '-c', 'cat </dev/tcp/127.0.0.1/80')).toBe('hello')
    await new Promise((resolve) => server.close(resolve))
    for (const address of ['127.0.0.1.5', 'localhost', '::1']) {
      const options = { family: 'inet', type: 'dgram', bind: { address, port: 0 } } as const
      await expect(binding().openInetSocket(ns.native, options)).rejects.toMatchObject({ errno: -22 })
    }
  })

  it('a process runs, ends, and is reaped', async () => {
    await using ns = await testNamespace()
    const exit = await binding().spawn(
      ns.native,
      shell(`test $(readlink /proc/self/ns/net) = 'net:[${ns.native.inode}]' && exit 7`)
    )
    expect(await exit.exited).toEqual({ code: 7, signal: null })
    expect(exit.kill(0)).toBe(false)

    const killed = await binding().spawn(ns.native, shell('exec sleep 1000'))
    expect(killed.kill(15)).toBe(true)
    expect(await killed.exited).toEqual({ code: null, signal: 15 })
    expect(existsSync(`/proc/${killed.pid}`)).toBe(false)
  })

  it('a process that cannot be executed leaves nothing', async () => {
    await using ns = await testNamespace()
    const before = await descriptorsAtRest()
    const options = shell('', { file: 'netloom-nonesuch', stdio: [-2, -2, -2] })
    await expect(binding().spawn(ns.native, options)).rejects.toMatchObject({
      errno: -2,
      syscall: 'execve',
      path: 'netloom-nonesuch'
    })
    await expect(binding().spawn(ns.native, shell('', { cwd: '/nonesuch' }))).rejects.toMatchObject({
      errno: -2,
      syscall: 'chdir',
      path: '/nonesuch'
    })
    await descriptorsBack(before)
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim()
    expect(children).toBe('')
  })
})
