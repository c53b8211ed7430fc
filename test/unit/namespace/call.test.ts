import { describe, expect, it } from 'vitest'
import { explained, perform } from '../../../src/namespace/call.js'
import { NetlinkError } from '../../../src/netlink/index.js'

const request = { method: 'test', input: 'x' }
const native = (errno: number, syscall: string) => Object.assign(new Error('native'), { errno, syscall })

describe('perform', () => {
  it('turns what the binding rejects with into errors with our words', async () => {
    const work = perform({
      request,
      options: {},
      start: () => Promise.reject(native(-2, 'open')),
      explain: (code) => (code === 'ENOENT' ? 'the thing does not exist' : undefined)
    })
    await expect(work).rejects.toMatchObject({
      name: 'NetlinkError',
      code: 'ENOENT',
      errno: -2,
      syscall: 'open',
      request,
      message: 'open ENOENT: no such file or directory: the thing does not exist, in test("x")'
    })
  })

  it('takes back what comes after the caller was told that it would not', async () => {
    const discarded: string[] = []
    const controller = new AbortController()
    let finish: (value: string) => void = () => undefined
    const work = perform({
      request,
      options: { signal: controller.signal },
      start: () => new Promise<string>((resolve) => (finish = resolve)),
      discard: (value) => discarded.push(value)
    })
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(work).rejects.toBe(reason)
    finish('late')
    await Promise.resolve()
    expect(discarded).toEqual(['late'])
  })

  it('gives up after the timeout, and says that the outcome is unknown', async () => {
    const discarded: string[] = []
    let finish: (value: string) => void = () => undefined
    const work = perform({
      request,
      options: { timeout: 1 },
      start: () => new Promise<string>((resolve) => (finish = resolve)),
      discard: (value) => discarded.push(value)
    })
    await expect(work).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
      message: expect.stringContaining('its outcome is unknown') as string
    })
    finish('late')
    await Promise.resolve()
    expect(discarded).toEqual(['late'])
  })

  it('keeps nothing that arrived in time from its caller', async () => {
    const discarded: string[] = []
    const value = await perform({
      request,
      options: { timeout: 1000 },
      start: () => Promise.resolve('in time'),
      discard: (late) => discarded.push(late)
    })
    expect(value).toBe('in time')
    expect(discarded).toEqual([])
  })
})

describe('explained', () => {
  it('leaves errors alone that are ours already, or not the binding’s', () => {
    const ours = new NetlinkError({ errno: -17, syscall: 'RTM_NEWNSID' })
    expect(explained(ours, request, () => 'words')).toBe(ours)
    const other = new Error('other')
    expect(explained(other, request, () => 'words')).toBe(other)
  })
})
