import { describe, expect, it } from 'vitest'
import { type NativeRoutes, binding } from '../../../src/binding.js'
import { testNamespace } from '../../setup/namespace.js'
import * as message from './messages.js'
import { needsPlainAddon } from './plain.js'

const add = { type: message.RTM_NEWROUTE, flags: 0x600 }
const AF_INET = 2

/** Routes to 10.x.x.x/32 over the loopback, in the main table. */
function packed(rows: number, capacity = rows): NativeRoutes {
  const columns = new Uint8Array(capacity * 26)
  const words = new Uint32Array(columns.buffer, 0, capacity * 6)
  for (let row = 0; row < rows; row++) {
    words[row] = 0x0a000000 + row
    words[capacity * 2 + row] = 1
    words[capacity * 4 + row] = 254
    columns[capacity * 24 + row] = 32
    columns[capacity * 25 + row] = 4
  }
  return { family: AF_INET, capacity, rows, columns }
}

describe('packed routes', () => {
  needsPlainAddon()

  it('are copied when they are handed over, sent, and dumped', async () => {
    await using ns = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    await socket.exchange(message.setLoopback(true), undefined, 1)
    const routes = packed(5000, 6000)
    const pending = socket.exchangeRoutes(routes, add, 2)
    const given = routes.columns.slice()
    routes.columns.fill(0xff)
    expect(await pending).toMatchObject({ sent: 5000, unknown: [], errno: 0, replies: new Uint8Array() })
    const again = await socket.exchangeRoutes({ ...routes, rows: 300, columns: given }, add, 3)
    expect(message.messages(again.replies)).toHaveLength(300)
    const stopped = { ...add, stopOnError: true }
    expect(await socket.exchangeRoutes({ ...routes, columns: given }, stopped, 4)).toMatchObject({
      sent: 128
    })
    await socket.exchange(message.newRoute(70_000), undefined, 5)

    const dump = socket.dump(message.dumpRoutes(), 16_384, 6, AF_INET)
    const destinations: number[] = []
    const others: number[] = []
    for (;;) {
      const chunk = await dump.read()
      others.push(...message.messages(chunk.messages).map(({ type }) => type))
      if (chunk.routes !== undefined) {
        expect(chunk.routes.columns).toHaveLength(chunk.routes.capacity * 26)
        destinations.push(...new Uint32Array(chunk.routes.columns.buffer, 0, chunk.routes.rows))
      }
      if (chunk.done) break
    }
    expect(destinations).toEqual([...new Uint32Array(given.buffer, 0, 5000)])
    // The blackhole route, and those that the kernel makes for the loopback.
    expect(others.length).toBeGreaterThan(0)
    expect(others.every((type) => type === message.RTM_NEWROUTE)).toBe(true)
    await socket.close()
  })

  it('are refused where they are none', async () => {
    await using ns = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    const routes = packed(10)
    for (const wrong of [
      undefined,
      {},
      { ...routes, family: 28 },
      { ...routes, rows: 0 },
      { ...routes, rows: 11 },
      { ...routes, capacity: 0 },
      { ...routes, capacity: 9 },
      { ...routes, capacity: 2 ** 32 },
      { ...routes, family: 10 },
      { ...routes, columns: routes.columns.subarray(1) },
      { ...routes, columns: new Uint32Array(65) }
    ]) {
      const given = wrong as NativeRoutes
      expect(() => socket.exchangeRoutes(given, add, 1)).toThrow(TypeError)
      expect(() => binding().checkRoutes(given)).toThrow(TypeError)
      expect(() => binding().encodeRoutes(given, add)).toThrow(TypeError)
    }
    expect(() => socket.exchangeRoutes(routes, undefined as never, 1)).toThrow(TypeError)
    expect(() => socket.exchangeRoutes(routes, { type: 26, flags: 0 }, 1)).toThrow(TypeError)
    expect(() => socket.exchangeRoutes(routes, { type: 24, flags: -1 }, 1)).toThrow(TypeError)
    expect(() => socket.dump(message.dumpRoutes(), undefined, 1, 28)).toThrow(TypeError)
    await socket.close()
    await expect(socket.exchangeRoutes(routes, add, 1)).rejects.toMatchObject({ errno: -9 })
  })

  it('are checked where it is asked for', () => {
    const routes = packed(10)
    expect(binding().checkRoutes(routes)).toBeUndefined()
    routes.columns[24 * 10 + 7] = 31
    expect(binding().checkRoutes(routes)).toEqual({ row: 7, column: 'destination' })
  })
})
