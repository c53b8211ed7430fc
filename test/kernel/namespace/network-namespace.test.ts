import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  rmdirSync,
  statSync
} from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { NetworkNamespace } from '../../../src/namespace/index.js'
import { descriptorsAtRest, descriptorsBack } from '../../setup/descriptors.js'

/** Waits until no more are open than before; what closes them may be under way. */

/** What every method does once the namespace is closed. */
async function codeOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
    return 'no error'
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

describe('NetworkNamespace.create', () => {
  it('makes an anonymous namespace that is gone when closed', async () => {
    const namespace = await NetworkNamespace.create()
    expect(namespace.name).toBeUndefined()
    expect(namespace.inode).not.toBe(statSync('/proc/self/ns/net').ino)
    expect(statSync(namespace.path)).toMatchObject({ ino: namespace.inode, dev: namespace.device })
    await namespace.close()
    expect(existsSync(namespace.path) && statSync(namespace.path).ino === namespace.inode).toBe(false)
  })

  it('pins a name that stays after close', async () => {
    const namespace = await NetworkNamespace.create('nl-stays')
    expect(namespace).toMatchObject({ name: 'nl-stays', path: '/run/netns/nl-stays' })
    expect(statSync('/run/netns/nl-stays').ino).toBe(namespace.inode)
    await namespace.close()
    expect(statSync('/run/netns/nl-stays').ino).toBe(namespace.inode)
    await NetworkNamespace.remove('nl-stays')
    expect(existsSync('/run/netns/nl-stays')).toBe(false)
  })

  it('removes the name on close when asked to', async () => {
    {
      await using namespace = await NetworkNamespace.create('nl-goes', { removeOnClose: true })
      expect(existsSync(namespace.path)).toBe(true)
    }
    expect(existsSync('/run/netns/nl-goes')).toBe(false)
  })

  it('refuses a name that is taken, and leaves what has it alone', async () => {
    await using first = await NetworkNamespace.create('nl-taken', { removeOnClose: true })
    const before = await descriptorsAtRest()
    await expect(NetworkNamespace.create('nl-taken', { removeOnClose: true })).rejects.toMatchObject({
      code: 'EEXIST',
      message: expect.stringContaining('"nl-taken"') as unknown
    })
    await descriptorsBack(before)
    expect(statSync(first.path).ino).toBe(first.inode)
  })

  it('takes names with odd characters', async () => {
    for (const name of ['nl with space', 'nl-ü', '...', 'n'.repeat(255)]) {
      await using namespace = await NetworkNamespace.create(name, { removeOnClose: true })
      await using again = await NetworkNamespace.open(name)
      expect(again.equals(namespace)).toBe(true)
    }
  })

  it('makes many at once, all different', async () => {
    const many = await Promise.all(Array.from({ length: 50 }, () => NetworkNamespace.create()))
    expect(new Set(many.map(({ inode }) => inode)).size).toBe(50)
    await Promise.all(many.map((namespace) => namespace.close()))
  })
})

describe('NetworkNamespace.open', () => {
  it('opens by name, path, process and descriptor', async () => {
    await using made = await NetworkNamespace.create('nl-open', { removeOnClose: true })
    await using byName = await NetworkNamespace.open('nl-open')
    await using byPath = await NetworkNamespace.open({ path: made.path })
    const fd = openSync(made.path, 'r')
    await using byDescriptor = await NetworkNamespace.open({ fd })
    closeSync(fd)
    for (const other of [byName, byPath, byDescriptor]) expect(other.equals(made)).toBe(true)
    expect(byName.name).toBe('nl-open')
    expect(byPath.name).toBe('nl-open')
    expect(byDescriptor.name).toBeUndefined()
    expect(statSync(byDescriptor.path).ino).toBe(made.inode)

    await using own = await NetworkNamespace.open({ pid: process.pid })
    await using current = await NetworkNamespace.current()
    expect(own.equals(current)).toBe(true)
    expect(own.equals(made)).toBe(false)
    expect(readlinkSync('/proc/self/ns/net')).toBe(`net:[${current.inode}]`)
  })

  it('says what is not there', async () => {
    await expect(NetworkNamespace.open('nl-none')).rejects.toMatchObject({
      name: 'NetlinkError',
      code: 'ENOENT',
      syscall: 'open',
      message:
        'open ENOENT: no such file or directory: the name "nl-none" does not exist, ' +
        'in NetworkNamespace.open("nl-none")'
    })
    await expect(NetworkNamespace.remove('nl-none')).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('the name "nl-none" does not exist') as unknown
    })
    await expect(NetworkNamespace.open({ pid: 0x400000 })).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('the process 4194304 does not exist') as unknown
    })
    await expect(NetworkNamespace.open({ fd: 999999 })).rejects.toMatchObject({
      code: 'EBADF',
      message: expect.stringContaining('the descriptor 999999 does not exist') as unknown
    })
  })

  it.each([
    ['a file', '/etc/passwd'],
    ['a folder', '/'],
    ['a device', '/dev/null'],
    ['a namespace of another kind', '/proc/self/ns/mnt']
  ])('refuses %s', async (_what, path) => {
    const before = await descriptorsAtRest()
    await expect(NetworkNamespace.open({ path })).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringContaining(`${path} is no network namespace`) as unknown
    })
    await descriptorsBack(before)
  })

  it('refuses a descriptor of something else', async () => {
    const fd = openSync('/dev/null', 'r')
    await expect(NetworkNamespace.open({ fd })).rejects.toMatchObject({ code: 'EINVAL' })
    expect(fstatSync(fd).isCharacterDevice()).toBe(true)
    closeSync(fd)
  })
})

describe('NetworkNamespace.list', () => {
  it('lists names, and only those of network namespaces', async () => {
    await using b = await NetworkNamespace.create('nl-list-b', { removeOnClose: true })
    await using a = await NetworkNamespace.create('nl-list-a', { removeOnClose: true })
    await writeFile('/run/netns/nl-list-file', '')
    mkdirSync('/run/netns/nl-list-folder')
    await NetworkNamespace.list()
    const before = await descriptorsAtRest()
    const entries = (await NetworkNamespace.list()).filter(({ name }) => name.startsWith('nl-list'))
    await descriptorsBack(before)
    await rm('/run/netns/nl-list-file')
    rmdirSync('/run/netns/nl-list-folder')
    expect(entries).toEqual([
      { name: 'nl-list-a', path: '/run/netns/nl-list-a', inode: a.inode, device: a.device, id: undefined },
      { name: 'nl-list-b', path: '/run/netns/nl-list-b', inode: b.inode, device: b.device, id: undefined }
    ])
  })

  it('lists more than it opens at once, with their ids', async () => {
    const made = await Promise.all(
      Array.from({ length: 70 }, (_, i) =>
        NetworkNamespace.create(`nl-many-${100 + i}`, { removeOnClose: true })
      )
    )
    const ids = await Promise.all(made.map((namespace) => namespace.setId('auto')))
    const listed = (await NetworkNamespace.list()).filter(({ name }) => name.startsWith('nl-many'))
    expect(listed.map(({ inode }) => inode)).toEqual(made.map(({ inode }) => inode))
    expect(listed.map(({ id }) => id)).toEqual(ids)
    await Promise.all(made.map((namespace) => namespace.close()))
  })
})

describe('the id of a namespace', () => {
  it('is absent until it is assigned, and then can not be changed', async () => {
    await using a = await NetworkNamespace.create()
    await using b = await NetworkNamespace.create()
    expect(await a.getId()).toBeUndefined()
    const id = await a.setId('auto')
    expect(await a.getId()).toBe(id)
    await expect(a.setId('auto')).rejects.toMatchObject({
      code: 'EEXIST',
      syscall: 'RTM_NEWNSID',
      message: expect.stringMatching(/nsid|id already/i) as unknown
    })
    await expect(b.setId(id)).rejects.toMatchObject({ syscall: 'RTM_NEWNSID' })
    expect(await b.getId()).toBeUndefined()
    expect(await b.setId(4711)).toBe(4711)
    expect(await b.getId()).toBe(4711)
  })

  it('belongs to who looks', async () => {
    await using a = await NetworkNamespace.create()
    await using b = await NetworkNamespace.create()
    expect(await b.setId(7, { from: a })).toBe(7)
    expect(await b.getId({ from: a })).toBe(7)
    expect(await b.getId()).toBeUndefined()
  })

  it.each<[unknown, string]>([
    [-1, 'ERR_OUT_OF_RANGE'],
    [2 ** 31, 'ERR_OUT_OF_RANGE'],
    [1.5, 'ERR_OUT_OF_RANGE'],
    ['any', 'ERR_INVALID_ARG_TYPE'],
    [undefined, 'ERR_INVALID_ARG_TYPE']
  ])('is never %s', async (id, code) => {
    await using namespace = await NetworkNamespace.create()
    await expect(namespace.setId(id as number)).rejects.toMatchObject({ code, field: 'id' })
    expect(await namespace.getId()).toBeUndefined()
  })
})

describe('close', () => {
  it('makes every method reject, and can be repeated', async () => {
    const namespace = await NetworkNamespace.create()
    const { sysctl, path } = namespace
    await Promise.all([namespace.close(), namespace.close()])
    await namespace.close()
    expect(namespace.closed).toBe(true)
    const calls: (() => unknown)[] = [
      () => namespace.native,
      () => namespace.getId(),
      () => namespace.setId('auto'),
      () => namespace.runSync(() => 1),
      () => namespace.spawn('true'),
      () => namespace.openSocket({ type: 'tcp' }),
      () => sysctl.get('net.ipv4.ip_forward'),
      () => sysctl.set('net.ipv4.ip_forward', 1),
      () => sysctl.setMany({ 'net.ipv4.ip_forward': 1 })
    ]
    for (const call of calls) expect(await codeOf(call)).toBe('ERR_CLOSED')
    await expect(namespace.getId()).rejects.toThrow(`The network namespace ${path} is closed.`)
  })

  it('lets calls under way end', async () => {
    const namespace = await NetworkNamespace.create()
    const calls = [namespace.setId('auto'), namespace.getId()]
    await namespace.close()
    const outcomes = await Promise.allSettled(calls)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ERR_CLOSED' })
    }
  })

  it('comes after work that a name removed by somebody else does not disturb', async () => {
    const namespace = await NetworkNamespace.create('nl-unnamed', { removeOnClose: true })
    await NetworkNamespace.remove('nl-unnamed')
    await expect(NetworkNamespace.open('nl-unnamed')).rejects.toMatchObject({ code: 'ENOENT' })
    expect(namespace.runSync(() => readlinkSync('/proc/thread-self/ns/net'))).toBe(`net:[${namespace.inode}]`)
    expect(await namespace.sysctl.get('net.ipv4.ip_forward')).toBeTypeOf('number')
    await namespace.close()
  })

  it('is content when somebody else removed the name', async () => {
    const namespace = await NetworkNamespace.create('nl-removed', { removeOnClose: true })
    await NetworkNamespace.remove('nl-removed')
    expect(await namespace.getId()).toBeUndefined()
    await namespace.close()
  })

  it('does not remove a namespace that somebody else made under the name since', async () => {
    const namespace = await NetworkNamespace.create('nl-replaced', { removeOnClose: true })
    await NetworkNamespace.remove('nl-replaced')
    await using other = await NetworkNamespace.create('nl-replaced', { removeOnClose: true })
    await namespace.close()
    expect(statSync('/run/netns/nl-replaced').ino).toBe(other.inode)
  })

  it('says that the name could not be removed, and closes all the same', async () => {
    const namespace = await NetworkNamespace.create('nl-stuck', { removeOnClose: true })
    // A file that is pinned twice can be unmounted once, and is a mount point after that.
    execFileSync('mount', ['--bind', namespace.path, namespace.path])
    const before = await descriptorsAtRest()
    await expect(namespace.close()).rejects.toMatchObject({ code: 'EBUSY', syscall: 'unlink' })
    await descriptorsBack(before - 1)
    await NetworkNamespace.remove('nl-stuck')
  })
})

describe('what a namespace looks like', () => {
  it('shows its name and not its insides', async () => {
    await using namespace = await NetworkNamespace.create('nl-shown', { removeOnClose: true })
    expect(inspect(namespace)).toBe(`NetworkNamespace { nl-shown, inode ${namespace.inode} }`)
    expect(JSON.parse(JSON.stringify({ namespace }))).toEqual({
      namespace: { name: 'nl-shown', path: '/run/netns/nl-shown', inode: namespace.inode }
    })
  })
})

describe('many cycles', () => {
  const threads = async () =>
    Number(/Threads:\s+(\d+)/.exec(await readFile('/proc/self/status', 'utf8'))?.[1])

  it.each([
    ['anonymous', undefined],
    ['named', 'nl-cycle']
  ])('of making and removing leave nothing: %s', async (_what, name) => {
    const cycle = async () => {
      const namespace = await NetworkNamespace.create(name, { removeOnClose: true })
      await namespace.close()
    }
    for (let i = 0; i < 20; i++) await cycle()
    const before = { descriptors: await descriptorsAtRest(), threads: await threads() }
    for (let i = 0; i < 1000; i++) await cycle()
    await descriptorsBack(before.descriptors)
    expect(await threads()).toBeLessThanOrEqual(before.threads)
    if (name !== undefined) expect(existsSync(`/run/netns/${name}`)).toBe(false)
  })
})
