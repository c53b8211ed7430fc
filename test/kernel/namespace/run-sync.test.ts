import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { NetworkNamespace } from '../../../src/namespace/index.js'

const here = () => readlinkSync('/proc/thread-self/ns/net')

/** The namespaces that the threads of this process are in. */
const ofThreads = () =>
  new Set(
    readdirSync('/proc/self/task').flatMap((id) => {
      try {
        return [readlinkSync(`/proc/self/task/${id}/ns/net`)]
      } catch {
        return [] // It ended meanwhile.
      }
    })
  )

/** For processes and threads that no test runner prepared. */
const modules = { namespace: new URL('../../../src/namespace/index.ts', import.meta.url).href }

describe('runSync', () => {
  it('runs inside and comes back', async () => {
    await using namespace = await NetworkNamespace.create()
    const before = here()
    expect(namespace.runSync(here)).toBe(`net:[${namespace.inode}]`)
    expect(here()).toBe(before)
    const links = namespace.runSync(() => readFileSync('/proc/thread-self/net/dev', 'utf8'))
    expect(links).toMatch(/lo:/)
    expect([...ofThreads()]).toEqual([before])
  })

  it('hands out what the function returns, and throws what it throws', async () => {
    await using namespace = await NetworkNamespace.create()
    const before = here()
    const object = {}
    expect(namespace.runSync(() => object)).toBe(object)
    expect(namespace.runSync(() => undefined)).toBeUndefined()
    const error = new Error('mine')
    expect(() =>
      namespace.runSync(() => {
        throw error
      })
    ).toThrow(error)
    // An error of node:fs has an errno too, and is left as it is.
    let missing: unknown
    try {
      namespace.runSync(() => readFileSync('/nowhere'))
    } catch (reason) {
      missing = reason
    }
    expect(missing).toMatchObject({ code: 'ENOENT', syscall: 'open', name: 'Error' })
    expect(here()).toBe(before)
  })

  it('nests', async () => {
    await using a = await NetworkNamespace.create()
    await using b = await NetworkNamespace.create()
    const before = here()
    const seen = a.runSync(() => [here(), b.runSync(here), here()])
    expect(seen).toEqual([`net:[${a.inode}]`, `net:[${b.inode}]`, `net:[${a.inode}]`])
    expect(here()).toBe(before)
  })

  it('opens the current namespace inside', async () => {
    await using namespace = await NetworkNamespace.create()
    await using current = await namespace.runSync<{ promise: Promise<NetworkNamespace> }>(() => ({
      promise: NetworkNamespace.current()
    })).promise
    expect(current.equals(namespace)).toBe(true)
  })

  it('refuses functions that return a promise', async () => {
    await using namespace = await NetworkNamespace.create()
    const before = here()
    let ran = false
    const refused = { code: 'ERR_PROMISE_IN_NAMESPACE' }
    expect(() =>
      // @ts-expect-error an async function does not compile
      namespace.runSync(async () => {
        ran = true
        throw new Error('never seen')
      })
    ).toThrow(expect.objectContaining(refused))
    expect(ran).toBe(false)
    // @ts-expect-error nor does one that returns a promise
    expect(() => namespace.runSync(() => Promise.reject(new Error('handled')))).toThrow(
      expect.objectContaining(refused)
    )
    const thenable = { then: (resolve: () => void) => resolve() } as unknown
    expect(() => namespace.runSync(() => thenable)).toThrow(expect.objectContaining(refused))
    expect(() => namespace.runSync(7 as unknown as () => number)).toThrow(TypeError)
    expect(here()).toBe(before)
  })

  it('starts processes inside', async () => {
    await using namespace = await NetworkNamespace.create()
    const link = namespace.runSync(() =>
      execFileSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' })
    )
    expect(link.trim()).toBe(`net:[${namespace.inode}]`)
  })

  it('leaves no thread behind, whatever is started inside', async () => {
    await using namespace = await NetworkNamespace.create()
    const before = here()
    const started = namespace.runSync(() => ({
      // Work for netloom's own threads.
      made: Promise.all(Array.from({ length: 20 }, () => NetworkNamespace.create())),
      ids: namespace.getId()
    }))
    for (const one of await started.made) await one.close()
    await started.ids
    expect([...ofThreads()]).toEqual([before])
  })

  it('leaves no thread behind in a process that has not used the pool before', () => {
    // The pool of a test runner has long been running.
    const script = `
      import { readdirSync, readlinkSync } from 'node:fs'
      import { readFile } from 'node:fs/promises'
      import { pbkdf2 } from 'node:crypto'
      const { NetworkNamespace } = await import(${JSON.stringify(modules.namespace)})
      const namespace = await NetworkNamespace.create()
      const threads = () => readdirSync('/proc/self/task').map((id) => readlinkSync('/proc/self/task/' + id + '/ns/net'))
      const before = threads()
      const { work } = namespace.runSync(() => ({
        work: Promise.all([
          readFile('/proc/self/status'),
          new Promise((resolve) => pbkdf2('a', 'b', 1000, 16, 'sha1', resolve))
        ])
      }))
      await work
      const after = threads()
      console.log(JSON.stringify({ before: [...new Set(before)], after: [...new Set(after)], threads: after.length }))
    `
    const text = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8'
    })
    const seen = JSON.parse(text) as { before: string[]; after: string[] }
    expect(seen.before).toEqual([here()])
    expect(seen.after).toEqual([here()])
  })

  it('works in a worker thread', async () => {
    await using namespace = await NetworkNamespace.create('nl-worker', { removeOnClose: true })
    const source = `
      const { parentPort, workerData } = require('node:worker_threads')
      const { readlinkSync } = require('node:fs')
      import('tsx/esm/api').then(({ register }) => {
        register()
        return import(workerData)
      }).then(async ({ NetworkNamespace }) => {
        const namespace = await NetworkNamespace.open('nl-worker')
        const here = () => readlinkSync('/proc/thread-self/ns/net')
        const inside = namespace.runSync(here)
        parentPort.postMessage([inside, here()])
        await namespace.close()
      })
    `
    const worker = new Worker(source, {
      eval: true,
      workerData: modules.namespace
    })
    const message = await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    await worker.terminate()
    expect(message).toEqual([`net:[${namespace.inode}]`, here()])
    expect([...ofThreads()]).toEqual([here()])
  })
})
