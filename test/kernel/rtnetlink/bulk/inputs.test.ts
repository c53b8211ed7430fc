/** How bulk verbs take their inputs, whatever the objects are. */
import { describe, expect, it } from 'vitest'
import { BulkError, type RouteSpec } from '../../../../src/index.js'
import { wired } from '../route/wired.js'

const route = (i: number): RouteSpec => ({
  type: 'blackhole',
  destination: `100.${64 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}/32`,
  table: 500
})

const failureOf = (work: Promise<unknown>): Promise<BulkError> =>
  work.then(
    () => {
      throw new Error('it did not fail')
    },
    (error: unknown) => error as BulkError
  )

describe('bulk inputs', () => {
  it('are taken as they are needed: two chunks at a time are held', async () => {
    await using host = await wired()
    let given = 0
    let most = 0
    function* inputs() {
      for (; given < 40_000; given++) yield route(given)
    }
    const result = await host.stack.routes.addMany(inputs(), {
      onProgress: ({ applied }) => (most = Math.max(most, given - applied))
    })
    expect(result.applied).toBe(40_000)
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual(2 * 4096)
  })

  it('are told when they are no longer wanted', async () => {
    await using host = await wired()
    let returned = 0
    function* sync() {
      try {
        yield { destination: 'nonsense' }
        for (let i = 0; ; i++) yield route(i)
      } finally {
        returned++
      }
    }
    async function* later() {
      await Promise.resolve()
      yield* sync()
    }
    expect(await host.stack.routes.addMany(sync(), { onError: 'stop' })).toMatchObject({ applied: 0 })
    expect(await host.stack.routes.addMany(later(), { onError: 'stop' })).toMatchObject({ applied: 0 })
    await expect.poll(() => returned).toBe(2)
  })

  it('may throw: what was sent before is told', async () => {
    await using host = await wired()
    const reason = new Error('no more')
    function* inputs() {
      for (let i = 0; i < 10_000; i++) yield route(i)
      throw reason
    }
    const error = await failureOf(host.stack.routes.addMany(inputs()))
    expect(error).toBeInstanceOf(BulkError)
    expect(error.cause).toBe(reason)
    const { applied } = error.result
    expect(applied).toBeGreaterThan(0)
    expect(await host.stack.routes.list({ table: 500 })).toHaveLength(applied)
  })

  it('that never come are not waited for once the call is over', async () => {
    await using host = await wired()
    async function* inputs() {
      yield route(0)
      await new Promise(() => undefined)
    }
    const late = await failureOf(host.stack.routes.addMany(inputs(), { timeout: 20 }))
    expect(late).toMatchObject({ code: 'ERR_TIMEOUT', result: { applied: 0 } })
    expect(late.message).toContain('routes.addMany took longer than 20 ms')
    const controller = new AbortController()
    const aborted = failureOf(host.stack.routes.addMany(inputs(), { signal: controller.signal }))
    setTimeout(() => controller.abort('enough'), 20)
    expect(await aborted).toMatchObject({ cause: 'enough' })
    expect(await host.stack.routes.list({ table: 500 })).toEqual([])
  })

  it('stop at what onProgress throws, and bad options begin nothing', async () => {
    await using host = await wired()
    const many = Array.from({ length: 20_000 }, (_, i) => route(i))
    const reason = new Error('not so fast')
    const error = await failureOf(
      host.stack.routes.addMany(many, {
        onProgress() {
          throw reason
        }
      })
    )
    expect(error.cause).toBe(reason)
    expect(await host.stack.routes.list({ table: 500 })).toHaveLength(error.result.applied)
    const { routes } = host.stack
    await expect(routes.deleteMany(many, { onError: 'explode' as never })).rejects.toMatchObject({
      field: 'onError'
    })
    await expect(routes.deleteMany(many, { onProgress: 5 as never })).rejects.toMatchObject({
      field: 'onProgress'
    })
    expect(await routes.list({ table: 500 })).toHaveLength(error.result.applied)
  })
})
