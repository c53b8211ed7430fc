import { readdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { describe, expect, it } from 'vitest'
import { type NativeDump, binding } from '../../../src/binding.js'
import { testNamespace } from '../../setup/namespace.js'
import * as message from './messages.js'
import { needsPlainAddon } from './plain.js'

const routes = 20_000

/** The names of this process's threads. */
const threads = () =>
  readdirSync('/proc/self/task').map((id) => readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim())

async function drain(dump: NativeDump): Promise<number> {
  let count = 0
  for (;;) {
    const chunk = await dump.read()
    expect(chunk.errno).toBe(0)
    count += message.messages(chunk.messages).length
    if (chunk.done) return count
  }
}

describe('dump', () => {
  needsPlainAddon()

  it('comes in chunks of about the size asked for, and whole', async () => {
    await using ns = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    await socket.exchange(message.many(routes, message.newRoute), undefined, 1)
    const dump = socket.dump(message.dumpRoutes(), 65_536, 2)
    const first = await dump.read()
    expect(first).toMatchObject({ done: false, interrupted: false, errno: 0, syscall: '', error: undefined })
    expect(first.messages.length).toBeGreaterThan(32_768)
    expect(first.messages.length).toBeLessThanOrEqual(131_072)
    expect(message.messages(first.messages).length + (await drain(dump))).toBe(routes)
    await socket.close()
  })

  it('holds no thread while nobody reads', async () => {
    await using ns = await testNamespace()
    const sockets = await Promise.all(
      Array.from({ length: 12 }, () => binding().openSocket({ protocol: 0, namespace: ns.native }))
    )
    await sockets[0]?.exchange(message.many(routes, message.newRoute), undefined, 1)
    const dumps = sockets.map((socket) => socket.dump(message.dumpRoutes(), 65_536, 2))
    // Each gets going although all are stuck before their end.
    for (const dump of dumps) expect((await dump.read()).done).toBe(false)
    expect(threads().filter((name) => name === 'netloom-worker').length).toBeLessThanOrEqual(4)
    const counts = await Promise.all(dumps.map(drain))
    expect(counts.every((count) => count > 0 && count < routes)).toBe(true)
    await Promise.all(sockets.map((socket) => socket.close()))
  })

  it('lets the calls behind it wait for its end, or for discard', async () => {
    await using ns = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    await socket.exchange(message.many(routes, message.newRoute), undefined, 1)
    const discard = async (dump: NativeDump) => dump.discard()
    for (const end of [drain, discard]) {
      const dump = socket.dump(message.dumpRoutes(), 65_536, 2)
      let answered = false
      const behind = socket.exchange(message.getLink(1), { replies: true }, 3).then((result) => {
        answered = true
        return result
      })
      await dump.read()
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(answered).toBe(false)
      await end(dump)
      expect(message.messages((await behind).replies)).toHaveLength(1)
    }
    await socket.close()
  })

  it('tells of the error, with the message that carried it', async () => {
    await using ns = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    const request = message.dumpRoutes()
    request[22] = 254 // Strict checking refuses a scope.
    const chunk = await socket.dump(request, undefined, 1).read()
    expect(chunk).toMatchObject({ done: true, errno: -22, syscall: 'dump' })
    expect(chunk.error?.length).toBeGreaterThan(20)
    await socket.close()
  })

  it('refuses a second read while one is pending, and settles that when it is discarded', async () => {
    await using ns = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    await socket.exchange(message.many(routes, message.newRoute), undefined, 1)
    // Nobody reads the first, so those behind it wait for certain.
    const before = socket.dump(message.dumpRoutes(), 65_536, 2)
    const dump = socket.dump(message.dumpLinks(), undefined, 3)
    const other = socket.dump(message.dumpLinks(), undefined, 4)
    const pending = dump.read()
    expect(() => dump.read()).toThrow('pending')
    const abandoned = other.read()
    other.discard()
    expect(await abandoned).toMatchObject({ done: true, errno: -constants.errno.ECANCELED })
    before.discard()
    expect(await pending).toMatchObject({ done: true, errno: 0 })
    expect(() => dump.read()).toThrow('ended')
    await socket.close()
  })
})
