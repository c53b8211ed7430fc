import { describe, expect, it } from 'vitest'
import { NetworkStack } from '../../../src/index.js'
import { BatchError, NetlinkError } from '../../../src/netlink/index.js'
import type { BatchProgress, Outcome } from '../../../src/netlink/index.js'
import { testNamespace } from '../../setup/namespace.js'

const open = (namespace: { path: string }): Promise<NetworkStack> =>
  NetworkStack.open({ namespace: { path: namespace.path } })

const address = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32`

/** A route that needs no link: adding many of them takes the kernel no longer than adding few. */
const route = (i: number) => ({ type: 'blackhole' as const, destination: address(i) })

const counts = (outcomes: readonly Outcome[]): Record<string, number> => {
  const found: Record<string, number> = {}
  for (const { status } of outcomes) found[status] = (found[status] ?? 0) + 1
  return found
}

describe('batches', () => {
  it('tells 20,000 errors apart, and loses none', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const batch = stack.batch()
    const count = 20_000
    for (let i = 0; i < count; i++) {
      // Three ways to fail, so that the texts differ as well.
      if (i % 3 === 0) batch.addresses.delete(1, address(i))
      else if (i % 3 === 1) batch.addresses.add(1_000_000 + i, address(i))
      else batch.links.delete(1_000_000 + i)
    }
    const outcomes = await batch.commit()
    expect(outcomes).toHaveLength(count)
    const codes = ['EADDRNOTAVAIL', 'ENODEV', 'ENODEV']
    const messages = new Set<string>()
    outcomes.forEach((outcome, i) => {
      if (outcome.status !== 'failed' || !(outcome.error instanceof NetlinkError))
        throw new Error(`${i} is ${outcome.status}`)
      const { code, request, message } = outcome.error
      if (code !== codes[i % 3]) throw new Error(`${i}: ${message}`)
      expect(JSON.stringify(request?.input)).toContain(i % 3 === 2 ? `${1_000_000 + i}` : address(i))
      messages.add(message)
    })
    expect(messages.size).toBe(count)
  })

  it('applies many in order, and tells progress', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const batch = stack.batch()
    const count = 10_000
    for (let i = 0; i < count; i++) batch.routes.add(route(i % (count - 1)))
    const progress: BatchProgress[] = []
    const outcomes = await batch.commit({ onProgress: (step) => progress.push(step) })
    expect(counts(outcomes)).toEqual({ applied: count - 1, failed: 1 })
    expect(outcomes[count - 1]).toMatchObject({ status: 'failed', error: { code: 'EEXIST' } })
    expect(progress.length).toBeGreaterThan(1)
    expect(progress.at(-1)).toEqual({ done: count, failed: 1, total: count })
    expect(progress.slice(0, -1).every(({ failed }) => failed === 0)).toBe(true)
    expect(await stack.routes.list()).toHaveLength(count - 1)
  })

  it("sends no further datagram after a failure with onError 'stop', and tells what ran", async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const batch = stack.batch()
    for (let i = 0; i < 5000; i++) batch.routes.add(route(i === 10 ? 9 : i))
    const outcomes = await batch.commit({ onError: 'stop' })
    expect(outcomes[10]).toMatchObject({ status: 'failed', error: { code: 'EEXIST' } })
    const { applied = 0, skipped = 0, failed } = counts(outcomes)
    expect(failed).toBe(1)
    expect(skipped).toBeGreaterThan(0)
    // The skipped ones are all behind, and what is told is what the kernel has.
    expect(outcomes.findIndex(({ status }) => status === 'skipped')).toBe(applied + 1)
    expect(await stack.routes.list()).toHaveLength(applied)
  })

  it('is cut where an operation needs a link that an earlier one makes', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const batch = stack.batch()
    const indices = [
      batch.links.add({ kind: 'bridge', name: 'br0', up: true }),
      batch.addresses.add('br0', '10.1.0.1/16'),
      batch.links.add({ kind: 'veth', name: 'v0', master: 'br0', up: true, peer: { name: 'p0' } }),
      batch.addresses.add('p0', '10.2.0.1/24'),
      batch.addresses.add('lo', '10.3.0.1/32'),
      batch.addresses.add('none', '10.4.0.1/32')
    ]
    expect(indices).toEqual([0, 1, 2, 3, 4, 5])
    const outcomes = await batch.commit()
    expect(outcomes.map(({ status }) => status)).toEqual([...new Array<string>(5).fill('applied'), 'failed'])
    expect(outcomes[5]).toMatchObject({
      error: { code: 'ENODEV', message: expect.stringContaining('no link is named "none"') as string }
    })
    const [bridge, port] = await Promise.all([stack.links.get('br0'), stack.links.get('v0')])
    expect(port.master).toBe(bridge.index)
    const listed = await stack.addresses.list({ family: 'inet' })
    expect(listed.map((each) => each.address).sort()).toEqual(['10.1.0.1/16', '10.2.0.1/24', '10.3.0.1/32'])
  })

  it('leaves out what depends on a link whose creation failed', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const batch = stack.batch()
    batch.links.add({ kind: 'veth', name: 'v0', peer: { name: 'lo' } })
    batch.addresses.add('v0', '10.1.0.1/16')
    const outcomes = await batch.commit()
    expect(outcomes).toMatchObject([
      { status: 'failed', error: { code: 'EEXIST' } },
      { status: 'failed', error: { code: 'ENODEV' } }
    ])
    expect(await stack.addresses.list()).toEqual([])
  })

  it('names the rejected attribute by its offset in its own request', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const batch = stack.batch()
    for (let i = 0; i < 100; i++) batch.routes.add(route(i))
    batch.links.set(1, { mtu: 1 })
    batch.links.set(1, { name: 'new' })
    const wrong = batch.links.add({ kind: 'bridge', name: 'br0', bridge: { ageingTime: 1, forwardDelay: 1 } })
    const outcomes = await batch.commit()
    expect(outcomes[wrong]!.status).toMatch(/applied|failed/)
    for (const outcome of outcomes) {
      if (outcome.status === 'failed') expect(outcome.error).toBeInstanceOf(NetlinkError)
    }
  })

  it('carries the outcomes when it is aborted between two groups', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const controller = new AbortController()
    const reason = new Error('enough')
    const batch = stack.batch()
    for (let i = 0; i < 10_000; i++) batch.routes.add(route(i))
    const error: unknown = await batch
      .commit({ signal: controller.signal, onProgress: () => controller.abort(reason) })
      .catch((caught: unknown) => caught)
    if (!(error instanceof BatchError)) throw new Error(`not a BatchError: ${String(error)}`)
    expect(error.cause).toBe(reason)
    expect(error.code).toBe('ERR_BATCH_ENDED')
    const { applied, unknown, skipped = 0 } = counts(error.outcomes)
    expect(unknown).toBeUndefined()
    expect(skipped).toBeGreaterThan(0)
    expect(await stack.routes.list()).toHaveLength(applied!)
  })

  it('carries the outcomes when it is aborted or late under way, and when its stack is closed', async () => {
    for (const how of ['abort', 'timeout', 'close'] as const) {
      await using namespace = await testNamespace()
      const stack = await open(namespace)
      const batch = stack.batch()
      const count = 30_000
      for (let i = 0; i < count; i++) batch.routes.add(route(i))
      const controller = new AbortController()
      const committing = batch.commit({
        signal: controller.signal,
        ...(how === 'timeout' ? { timeout: 2 } : {})
      })
      setTimeout(() => {
        if (how === 'abort') controller.abort(new Error('stop'))
        if (how === 'close') void stack.close()
      }, 2)
      const error: unknown = await committing.catch((caught: unknown) => caught)
      if (!(error instanceof BatchError)) throw new Error(`${how}: not a BatchError: ${String(error)}`)
      const code = { abort: 'ERR_BATCH_ENDED', timeout: 'ERR_TIMEOUT', close: 'ERR_CLOSED' }[how]
      expect(error.code).toBe(code)
      const { applied = 0, unknown = 0, skipped = 0, failed = 0 } = counts(error.outcomes)
      expect([applied + unknown + skipped, failed]).toEqual([count, 0])
      await stack.close()
      // What is called applied is there, and what is called skipped is not.
      await using after = await open(namespace)
      const there = (await after.routes.list()).length
      expect(there).toBeGreaterThanOrEqual(applied)
      expect(there).toBeLessThanOrEqual(applied + unknown)
    }
  })

  it('ends when onProgress throws, with the outcomes so far', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const batch = stack.batch()
    batch.routes.add(route(1))
    const commit = batch.commit({
      onProgress: () => {
        throw new Error('mine')
      }
    })
    await expect(commit).rejects.toMatchObject({
      name: 'BatchError',
      cause: { message: 'mine' },
      outcomes: [{ status: 'applied' }]
    })
  })

  it('refuses bad input when it is added, and bad options, before anything is sent', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const batch = stack.batch()
    batch.routes.add(route(1))
    expect(() => batch.addresses.add(1, '10.0.0.300/24')).toThrow(TypeError)
    expect(() => batch.addresses.add('name/with/slash', address(2))).toThrow(TypeError)
    expect(batch.length).toBe(1)
    await expect(batch.commit({ onError: 'colect' as never })).rejects.toMatchObject({ field: 'onError' })
    await expect(stack.batch().commit({ onProgress: 5 as never })).rejects.toMatchObject({
      field: 'onProgress'
    })
    expect(await stack.routes.list()).toEqual([])
    expect(await batch.commit()).toEqual([{ status: 'applied', value: undefined }])
    await expect(batch.commit()).rejects.toMatchObject({ code: 'ERR_BATCH_COMMITTED' })
    expect(() => batch.routes.add(route(3))).toThrow(expect.objectContaining({ code: 'ERR_BATCH_COMMITTED' }))
  })

  it('is nothing when it is empty', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    expect(await stack.batch().commit()).toEqual([])
  })
})
