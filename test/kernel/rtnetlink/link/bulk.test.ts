/** Many links at once: made without reading them back, deleted by group. */
import { describe, expect, it } from 'vitest'
import { BulkError, type BatchLinkSpec, type NetworkStack } from '../../../../src/index.js'
import { needsProgram } from '../../../setup/requirements.js'
import { lab } from './lab.js'

const names = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

const listed = async (stack: NetworkStack) => (await stack.links.list()).map(({ name }) => name)

describe('many links', () => {
  needsProgram('ip')

  it('are made with their peers elsewhere, from any iterable, and deleted in chunks', async () => {
    await using l = await lab()
    const count = 600
    async function* specs() {
      for (const name of names(count, 'v')) {
        await Promise.resolve()
        yield { kind: 'veth', name, peer: { name: `p${name}`, namespace: l.other } } as const
      }
    }
    expect(await l.host.links.addMany(specs())).toEqual({ applied: count, unchanged: 0, failures: [] })
    expect(await l.ns.ip('link', 'show', 'type', 'veth')).toHaveLength(count)
    expect(await l.guest.links.list({ kind: 'veth' })).toHaveLength(count)
    const progress: number[] = []
    const deleted = await l.host.links.deleteMany(names(count, 'v'), {
      onProgress: ({ applied }) => progress.push(applied)
    })
    expect(deleted).toEqual({ applied: count, unchanged: 0, failures: [] })
    expect(progress.length).toBeGreaterThanOrEqual(3)
    expect(progress.at(-1)).toBe(count)
    expect(await listed(l.host)).toEqual(['lo'])
    expect(await listed(l.guest)).toEqual(['lo'])
  })

  it('may refer to those before them, and are completed where one request is not enough', async () => {
    await using l = await lab()
    const specs: BatchLinkSpec[] = [
      { kind: 'bridge', name: 'br0', up: true },
      { kind: 'veth', name: 'v0', master: 'br0', alias: 'the first' },
      { kind: 'veth', name: 'v0' },
      { kind: 'ifb', name: 'a b' },
      { kind: 'veth', name: 'v1', master: 'nope' }
    ]
    const result = await l.host.links.addMany(specs)
    expect(result.applied).toBe(2)
    expect(result.failures).toMatchObject([
      { index: 2, input: specs[2], error: { code: 'EEXIST' } },
      { index: 3, input: specs[3], error: { field: 'name' } },
      { index: 4, input: specs[4], error: { code: 'ENODEV' } }
    ])
    expect(await l.host.links.get('v0')).toMatchObject({ alias: 'the first' })
    expect(await l.host.links.addMany(specs.slice(0, 1), { ifExists: 'skip' })).toMatchObject({
      unchanged: 1
    })
    await expect(
      l.host.links.addMany(specs, { ifExists: 'replace' as unknown as 'skip' })
    ).rejects.toMatchObject({ field: 'ifExists' })
  })

  it('are deleted one by one where the kernel can not delete one, and keep their groups', async () => {
    await using l = await lab()
    const all = names(120, 'i')
    await l.host.links.addMany(all.map((name) => ({ kind: 'ifb', name, group: 7 })))
    const result = await l.host.links.deleteMany(['i0', 'lo', 'i1', 'nope', 'i0', 'i2'])
    expect(result.applied).toBe(3)
    expect(result.failures).toMatchObject([
      { index: 1, input: 'lo', error: { code: 'EOPNOTSUPP' } },
      { index: 3, input: 'nope', error: { code: 'ENODEV' } },
      { index: 4, input: 'i0', error: { code: 'ENODEV' } }
    ])
    const left = await l.host.links.list({ kind: 'ifb' })
    expect(left).toHaveLength(117)
    expect(left.every(({ group }) => group === 7)).toBe(true)
    expect((await l.host.links.get('lo')).group).toBe('default')
    const rest = await l.host.links.deleteMany(all, { ifMissing: 'skip' })
    expect(rest).toEqual({ applied: 117, unchanged: 3, failures: [] })
  })

  it('are deleted with both ends of a pair given', async () => {
    await using l = await lab()
    await l.host.links.add({ kind: 'veth', name: 'a', peer: { name: 'b' } })
    await l.host.links.add({ kind: 'veth', name: 'c', up: true, peer: { name: 'd', up: true } })
    const { failures } = await l.host.links.deleteMany(['a', 'b', 'c', 'd'], { ifMissing: 'skip' })
    expect(failures).toEqual([])
    expect(await listed(l.host)).toEqual(['lo'])
  })

  it('are left alone, in their groups, once the call is aborted', async () => {
    await using l = await lab()
    const all = names(400, 'i')
    await l.host.links.addMany(all.map((name) => ({ kind: 'ifb', name, group: 7 })))
    const controller = new AbortController()
    const error = await l.host.links
      .deleteMany(all, { signal: controller.signal, onProgress: () => controller.abort() })
      .then(
        () => undefined,
        (reason: unknown) => reason as BulkError
      )
    expect(error).toBeInstanceOf(BulkError)
    const { applied, failures } = error!.result
    expect(applied).toBeGreaterThan(0)
    const unknown = failures.filter((failure) => failure.unknown === true).length
    expect(unknown).toBe(failures.length)
    const left = await l.host.links.list({ kind: 'ifb' })
    expect(left.length).toBeLessThanOrEqual(400 - applied)
    expect(left.length).toBeGreaterThanOrEqual(400 - applied - unknown)
    expect(left.every(({ group }) => group === 7)).toBe(true)
    await expect(l.host.links.deleteMany(all, { signal: AbortSignal.abort('early') })).rejects.toBe('early')
  })

  it('refuse what is no iterable, or no link', async () => {
    await using l = await lab()
    await expect(l.host.links.deleteMany(5 as never)).rejects.toThrow(/inputs must be an iterable/)
    await expect(l.host.links.addMany('veth' as never)).rejects.toThrow(/inputs must be an iterable/)
    const { failures } = await l.host.links.deleteMany([0, '', { index: -1 }])
    expect(failures.map(({ error }) => error.name)).toEqual(['RangeError', 'TypeError', 'RangeError'])
    const [foreign] = await l.guest.links.list()
    expect(await l.host.links.deleteMany([foreign!])).toMatchObject({
      failures: [{ error: { code: 'ERR_FOREIGN_LINK' } }]
    })
  })
})
