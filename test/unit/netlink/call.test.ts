import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { beginCall, bounded, checkCallOptions, refuseOver } from '../../../src/netlink/index.js'

const request = { method: 'links.list', input: undefined }
const never = new Promise<never>(() => undefined)
const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

describe('call options', () => {
  it.each([
    [null, 'ERR_INVALID_ARG_TYPE', 'options'],
    [5, 'ERR_INVALID_ARG_TYPE', 'options'],
    [{ timeout: '5' }, 'ERR_INVALID_ARG_TYPE', 'timeout'],
    [{ timeout: -1 }, 'ERR_OUT_OF_RANGE', 'timeout'],
    [{ timeout: NaN }, 'ERR_OUT_OF_RANGE', 'timeout'],
    [{ timeout: 2 ** 31 }, 'ERR_OUT_OF_RANGE', 'timeout'],
    [{ signal: {} }, 'ERR_INVALID_ARG_TYPE', 'signal']
  ])('refuses %j', (options, code, field) => {
    expect(() => checkCallOptions(options as never)).toThrow(expect.objectContaining({ code, field }))
  })

  it('takes Infinity for no limit, whatever the default', () => {
    expect(beginCall({ timeout: Infinity }, 5).timeout).toBeUndefined()
    expect(beginCall({}, 5).limit).toBe(5)
    expect(beginCall({ timeout: 9 }, 5).limit).toBe(9)
  })

  it('fixes one deadline for all parts of a call, also through a copy', async () => {
    const call = beginCall({ timeout: 50 })
    const first = call.timeout!
    await new Promise((resolve) => setTimeout(resolve, 10))
    const copy = { ...call }
    expect(copy.timeout).toBeLessThan(first)
    expect(beginCall(call)).toBe(call)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(call.timeout).toBe(0)
    expect(() => refuseOver(call, request)).toThrow(expect.objectContaining({ code: 'ERR_TIMEOUT' }))
  })
})

describe('bounded work', () => {
  it('gives the result and leaves no listener behind', async () => {
    const { signal } = new AbortController()
    expect(await bounded(Promise.resolve(5), { signal, timeout: 1000 }, request, () => true)).toBe(5)
    await expect(bounded(Promise.reject(new Error('x')), { signal }, request, () => true)).rejects.toThrow(
      'x'
    )
    expect(listeners(signal)).toBe(0)
  })

  it('rejects with the reason, whatever that is', async () => {
    const controller = new AbortController()
    const work = bounded(never, { signal: controller.signal }, request, () => false)
    controller.abort('because')
    await expect(work).rejects.toBe('because')
    expect(listeners(controller.signal)).toBe(0)
  })

  it('sees a signal that was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('early'))
    let cancelled = false
    const work = bounded(never, { signal }, request, () => (cancelled = true))
    await expect(work).rejects.toThrow('early')
    expect(cancelled).toBe(true)
  })

  it.each([
    [true, false, 'links.list took longer than 5 ms; it was not sent'],
    [false, true, 'links.list took longer than 5 ms; its outcome is unknown'],
    [undefined, false, 'links.list took longer than 5 ms']
  ])('tells at a timeout what is known (taken back: %s)', async (cancelled, outcomeUnknown, message) => {
    const work = bounded(never, beginCall({ timeout: 5 }), request, () => cancelled)
    await expect(work).rejects.toMatchObject({ code: 'ERR_TIMEOUT', message, outcomeUnknown })
  })

  it('handles a rejection that comes after the caller has gone', async () => {
    let reject!: (error: Error) => void
    const work = new Promise<void>((_resolve, fail) => (reject = fail))
    await expect(bounded(work, { timeout: 1 }, request, () => false)).rejects.toMatchObject({
      code: 'ERR_TIMEOUT'
    })
    reject(new Error('late'))
    // An unhandled rejection would fail the run.
    await new Promise((resolve) => setImmediate(resolve))
  })
})
