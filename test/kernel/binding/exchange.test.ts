import { existsSync, readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type NativeSocket, binding } from '../../../src/binding.js'
import { testNamespace } from '../../setup/namespace.js'
import * as message from './messages.js'
import { needsPlainAddon } from './plain.js'

/** A socket in a namespace of its own. */
async function withSocket<T>(
  run: (socket: NativeSocket) => Promise<T>,
  options: { receiveBuffer?: number } = {}
): Promise<T> {
  await using ns = await testNamespace()
  const socket = await binding().openSocket({ protocol: 0, namespace: ns.native, ...options })
  try {
    return await run(socket)
  } finally {
    await socket.close()
  }
}

describe('exchange', () => {
  needsPlainAddon()

  it('answers with the object, numbered by its request', () =>
    withSocket(async (socket) => {
      const result = await socket.exchange(
        message.many(3, (index) => message.getLink(index)),
        { replies: true },
        1
      )
      expect(result).toMatchObject({ sent: 3, unknown: [], errno: 0, syscall: '' })
      expect(message.messages(result.replies)).toMatchObject([
        { type: message.NLMSG_ERROR, sequence: 0 },
        { type: message.RTM_NEWLINK, sequence: 1 },
        { type: message.NLMSG_ERROR, sequence: 2, errno: -19 }
      ])
    }))

  it('loses none of 20,000 errors', () =>
    withSocket(async (socket) => {
      const requests = message.many(20_000, (index) => message.getLink(1_000_000 + index))
      const result = await socket.exchange(requests, undefined, 1)
      expect(result).toMatchObject({ sent: 20_000, unknown: [], errno: 0 })
      const replies = message.messages(result.replies)
      expect(replies).toHaveLength(20_000)
      expect(replies.every((reply, index) => reply.sequence === index && reply.errno === -19)).toBe(true)
    }))

  it('works through a tiny receive buffer', () =>
    withSocket(
      async (socket) => {
        expect(socket.receiveBuffer).toBeLessThan(16_384)
        const added = await socket.exchange(message.many(2000, message.newRoute), undefined, 1)
        expect(added).toMatchObject({ sent: 2000, unknown: [], errno: 0 })
        expect(added.replies).toHaveLength(0)
        const again = await socket.exchange(message.many(2000, message.newRoute), undefined, 2)
        expect(message.messages(again.replies)).toHaveLength(2000)
        const gets = message.many(500, () => message.getLink(1))
        const got = await socket.exchange(gets, { replies: true }, 3)
        expect(message.messages(got.replies)).toHaveLength(500)
      },
      { receiveBuffer: 4096 }
    ))

  it('stops after the datagram that held an error', () =>
    withSocket(async (socket) => {
      const requests = message.many(1000, (index) =>
        index === 5 ? message.getLink(999) : message.newRoute(index)
      )
      const result = await socket.exchange(requests, { stopOnError: true }, 1)
      expect(result).toMatchObject({ sent: 128, unknown: [], errno: 0 })
      expect(message.messages(result.replies)).toMatchObject([{ sequence: 5 }])
    }))

  it('copies the bytes when they are handed over', () =>
    withSocket(async (socket) => {
      const request = message.getLink(1)
      const pending = socket.exchange(request, { replies: true }, 1)
      request.fill(0xff)
      expect(message.messages((await pending).replies)).toMatchObject([{ type: message.RTM_NEWLINK }])
    }))

  it('answers 200 concurrent calls each with its own', () =>
    withSocket(async (socket) => {
      const results = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          if (index % 3 === 0) {
            const chunk = await socket.dump(message.dumpLinks(), undefined, index).read()
            return message.messages(chunk.messages).map(({ type }) => type)
          }
          const { replies } = await socket.exchange(message.getLink(index % 3), { replies: true }, index)
          return message.messages(replies).map(({ type }) => type)
        })
      )
      for (const [index, types] of results.entries()) {
        expect(types).toEqual([index % 3 === 2 ? message.NLMSG_ERROR : message.RTM_NEWLINK])
      }
    }))

  it('refuses bytes that are no messages', () =>
    withSocket(async (socket) => {
      const whole = message.getLink(1)
      for (const bytes of [new Uint8Array(), new Uint8Array(16), whole.subarray(0, 31), new Uint8Array(40)]) {
        expect(() => socket.exchange(bytes, undefined, 1)).toThrow(TypeError)
        expect(() => socket.dump(bytes, undefined, 1)).toThrow(TypeError)
      }
      expect(() => socket.dump(message.many(2, message.getLink), undefined, 1)).toThrow(TypeError)
      expect(() => socket.exchange('text' as unknown as Uint8Array, undefined, 1)).toThrow(TypeError)
      expect(() => socket.exchange(whole, undefined, -1)).toThrow(TypeError)
    }))

  it('cancels what was not sent, and nothing else', () =>
    withSocket(async (socket) => {
      await socket.exchange(message.many(20_000, message.newRoute), undefined, 1)
      // A parked dump holds the queue.
      const dump = socket.dump(message.dumpRoutes(), 65_536, 2)
      await dump.read()
      const first = socket.exchange(message.newRoute(50_000), undefined, 3)
      const second = socket.exchange(message.newRoute(50_000), undefined, 4)
      expect(socket.cancel(3)).toBe(true)
      expect(socket.cancel(3)).toBe(false)
      expect(socket.cancel(2)).toBe(false)
      await expect(first).rejects.toMatchObject({ errno: -125 })
      dump.discard()
      expect((await second).replies).toHaveLength(0)
      expect(socket.cancel(4)).toBe(false)
    }))

  it('settles everything when it is closed', () =>
    withSocket(async (socket) => {
      await socket.exchange(message.many(20_000, message.newRoute), undefined, 1)
      const dump = socket.dump(message.dumpRoutes(), 65_536, 2)
      const first = await dump.read()
      expect(first).toMatchObject({ done: false, errno: 0 })
      const calls = Array.from({ length: 20 }, (_, index) =>
        socket.exchange(message.getLink(1), undefined, 3 + index)
      )
      const settled = Promise.allSettled(calls)
      await Promise.all([socket.close(), socket.close()])
      for (const call of await settled) {
        expect(call).toMatchObject({ status: 'rejected', reason: { errno: -125 } })
      }
      let chunk = await dump.read()
      while (!chunk.done) chunk = await dump.read()
      expect(chunk.errno).toBe(-125)
      await expect(socket.exchange(message.getLink(1), undefined, 1)).rejects.toMatchObject({ errno: -9 })
      expect(await socket.dump(message.dumpLinks(), undefined, 1).read()).toMatchObject({
        done: true,
        errno: -9
      })
      await socket.close()
    }))

  it('accounts for every request of an exchange that is closed midway', () =>
    withSocket(async (socket) => {
      const pending = socket.exchange(message.many(100_000, message.newRoute), undefined, 1)
      await new Promise((resolve) => setTimeout(resolve, 20))
      await socket.close()
      const outcome = await pending.catch(() => undefined)
      // It may not have begun, or be done already: both are fine.
      if (outcome === undefined || outcome.errno === 0) return
      expect(outcome.errno).toBe(-125)
      expect(outcome.sent).toBeLessThan(100_000)
      for (let index = 0; index < outcome.unknown.length; index += 2) {
        expect(outcome.unknown[index]).toBeLessThan(outcome.unknown[index + 1] ?? 0)
        expect(outcome.unknown[index + 1]).toBeLessThanOrEqual(outcome.sent)
      }
    }))

  it('keeps the namespaces that its requests name until they have run', async () => {
    await using ns = await testNamespace()
    const other = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    await socket.exchange(message.many(20_000, message.newRoute), undefined, 1)
    // Nobody reads it, so what is behind it waits.
    const dump = socket.dump(message.dumpRoutes(), 65_536, 2)
    const { fd, inode } = other.native
    const behind = socket.exchange(message.getLink(1), { namespaces: [other.native] }, 3)
    other.close()
    expect(other.native.fd).toBe(-1)
    expect(readlinkSync(`/proc/self/fd/${fd}`)).toBe(`net:[${inode}]`)
    dump.discard()
    await behind
    await expect.poll(() => existsSync(`/proc/self/fd/${fd}`)).toBe(false)
    expect(() => socket.exchange(message.getLink(1), { namespaces: [other.native] }, 4)).toThrow(TypeError)
    await socket.close()
  })
})
