import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryStore, NumberSet } from '../../../../src/container/state/index.js'
import type { WriteTransaction } from '../../../../src/container/state/index.js'

const within = <T>(body: (set: NumberSet, tx: WriteTransaction) => T) =>
  new MemoryStore().write((tx) => body(new NumberSet(tx, 'set/'), tx))

describe('NumberSet', () => {
  it('does what a Set does, and finds the next number that is absent', async () => {
    // Numbers close together and at the edges of words, so that words become full.
    const number = fc.oneof(
      fc.integer({ min: 0, max: 140 }),
      fc.integer({ min: 1000, max: 1100 }),
      fc.constantFrom(31, 32, 1023, 1024, 32767, 32768, 2 ** 32 - 1, 2 ** 40)
    )
    const step = fc.record({ verb: fc.constantFrom('add', 'add', 'add', 'delete'), number, run: fc.nat(70) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), number, number, async (steps, from, to) => {
        await within((set, tx) => {
          const model = new Set<number>()
          for (const { verb, number, run } of steps) {
            for (let n = number; n <= number + run; n++) {
              if (verb === 'add') {
                set.add(BigInt(n))
                model.add(n)
              } else {
                set.delete(BigInt(n))
                model.delete(n)
              }
            }
          }
          for (const n of [...model, from, to]) expect(set.has(BigInt(n))).toBe(model.has(n))
          let next: number | undefined = from
          while (model.has(next)) next++
          if (next > to) next = undefined
          const found = set.nextAbsent(BigInt(from), BigInt(to))
          expect(found === undefined ? undefined : Number(found)).toBe(next)
          // Nothing is left of an empty set.
          set.save()
          const again = new NumberSet(tx, 'set/')
          for (const n of model) expect(again.has(BigInt(n))).toBe(true)
          for (const n of model) again.delete(BigInt(n))
          again.save()
          expect([...tx.list('set/')]).toEqual([])
        })
      })
    )
  })

  it('finds the next absent number of a million in few steps', async () => {
    await within((set, tx) => {
      // As if it had all of them, on the way that a search takes.
      for (let level = 0; level < 4; level++) tx.put(`set/${level}/0`, 0xffff_ffff)
      tx.put('set/4/0', 1)
      expect(set.nextAbsent(0n, 1n << 62n)).toBe(1n << 20n)
      expect(set.nextAbsent(5n, (1n << 20n) - 1n)).toBeUndefined()
      const huge = (1n << 127n) + 3n
      set.add(huge)
      expect(set.nextAbsent(huge, huge)).toBeUndefined()
      expect(set.nextAbsent(huge, huge + 1n)).toBe(huge + 1n)
    })
  })
})
