import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { mapBounded } from '../../../src/topology/read/bounded.js'

it('keeps the order and the bound', async () => {
  let running = 0
  let most = 0
  const results = await mapBounded([5, 1, 4, 2, 3, 0], 3, async (turns) => {
    most = Math.max(most, ++running)
    for (let i = 0; i < turns; i++) await setImmediate()
    running--
    return turns * 2
  })
  expect(results).toEqual([10, 2, 8, 4, 6, 0])
  expect(most).toBe(3)
})

it('rejects once what was under way has ended, and begins nothing more', async () => {
  const begun: number[] = []
  let ended = 0
  const work = mapBounded([0, 1, 2, 3, 4, 5], 2, async (i) => {
    begun.push(i)
    await setImmediate()
    if (i === 1) throw new Error('one')
    await setImmediate()
    ended++
  })
  await expect(work).rejects.toThrow('one')
  expect(ended).toBe(begun.length - 1)
  expect(begun).not.toContain(5)
})
