import { describe, expect, it } from 'vitest'
import { BulkError, type RouteSpec } from '../../../../src/index.js'
import { needsProgram } from '../../../setup/requirements.js'
import { wired } from './wired.js'

function* many(count: number, link: number): Generator<RouteSpec> {
  for (let i = 0; i < count; i++) {
    yield { destination: `100.${64 + (i >> 14)}.${(i >> 6) & 255}.${(i & 63) * 4}/30`, link, table: 500 }
  }
}

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve()
    yield item
  }
}

describe('many routes', () => {
  needsProgram('ip')

  it('adds, replaces and deletes more than it holds at a time', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const link = await host.indexOf('v0')
    const count = 10_000
    const progress: number[] = []
    const added = await routes.addMany(many(count, link), {
      onProgress: ({ applied, failed }) => progress.push(applied + failed)
    })
    expect(added).toEqual({ applied: count, unchanged: 0, failures: [] })
    expect(progress.length).toBeGreaterThan(1)
    expect(progress.at(-1)).toBe(count)
    expect(await routes.list({ table: 500 })).toHaveLength(count)
    expect(await routes.replaceMany(later(many(count, link)))).toMatchObject({ applied: count })
    expect(await routes.deleteMany(later(many(count, link)))).toMatchObject({ applied: count })
    expect(await routes.list({ table: 500 })).toEqual([])
  })

  it('tells each failure with its place, its input and its error', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const good = { destination: '10.1.0.0/16', link: 'v0' }
    const unreachable = { destination: '10.2.0.0/16', gateway: '192.0.2.1' }
    const wrong = { destination: '10.3.0.1/16', link: 'v0' }
    const result = await routes.addMany([good, wrong, unreachable, good])
    expect(result.applied).toBe(1)
    expect(result.failures).toMatchObject([
      { index: 1, input: wrong, error: { code: 'ERR_INVALID_ARG_VALUE', field: 'destination' } },
      { index: 2, input: unreachable, error: { code: 'ENETUNREACH' } },
      { index: 3, input: good, error: { code: 'EEXIST' } }
    ])
    expect(result.failures[1]!.input).toBe(unreachable)
  })

  it('leaves alone or replaces what exists, and forgives what is missing', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const route = { destination: '10.1.0.0/16', gateway: '10.0.0.2' }
    await routes.add(route)
    expect(await routes.addMany([route], { ifExists: 'skip' })).toEqual({
      applied: 0,
      unchanged: 1,
      failures: []
    })
    const other = { ...route, gateway: '10.0.0.3' }
    expect(await routes.addMany([other], { ifExists: 'replace' })).toMatchObject({ applied: 1 })
    expect(await routes.list({ destination: '10.1.0.0/16' })).toMatchObject([{ gateway: '10.0.0.3' }])
    expect(await routes.deleteMany(['10.1.0.0/16', '10.2.0.0/16'], { ifMissing: 'skip' })).toEqual({
      applied: 1,
      unchanged: 1,
      failures: []
    })
    await expect(routes.addMany([], { ifExists: 'explode' as never })).rejects.toMatchObject({
      field: 'ifExists'
    })
  })

  it('stops at the first failure when asked to', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const link = await host.indexOf('v0')
    function* inputs() {
      yield { destination: '10.0.0.9/8', link }
      yield* many(20_000, link)
    }
    const result = await routes.addMany(inputs(), { onError: 'stop' })
    expect(result.failures).toMatchObject([{ index: 0 }])
    expect(result.applied).toBe(0)
    expect(await routes.list({ table: 500 })).toEqual([])
  })

  it('says what was done when it is aborted', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const controller = new AbortController()
    const link = await host.indexOf('v0')
    const work = routes.addMany(many(40_000, link), {
      signal: controller.signal,
      onProgress: () => controller.abort()
    })
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason
    )
    expect(error).toBeInstanceOf(BulkError)
    const { result } = error as BulkError
    expect(result.applied).toBeGreaterThan(0)
    expect(await routes.list({ table: 500 })).toHaveLength(result.applied)
  })

  it('runs in batches beside other objects', async () => {
    await using host = await wired()
    const batch = host.stack.batch()
    batch.addresses.add('v1', '10.7.0.1/24')
    batch.routes.add({ destination: '10.8.0.0/16', gateway: '10.7.0.2' })
    batch.routes.replace({ destination: '10.8.0.0/16', gateway: '10.7.0.3', link: 'v1' })
    const look = batch.routes.lookup('10.8.1.1')
    batch.routes.delete('10.9.0.0/16')
    expect(() => batch.routes.add({ destination: '10.8.0.1/16' })).toThrow(/destination must be a prefix/)
    const outcomes = await batch.commit()
    expect(outcomes.map(({ status }) => status)).toEqual([
      'applied',
      'applied',
      'applied',
      'applied',
      'failed'
    ])
    expect(outcomes[look]).toMatchObject({ value: { gateway: '10.7.0.3' } })
    expect(outcomes[4]).toMatchObject({ error: { code: 'ESRCH' } })
  })
})
