import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReadTransaction, Store, WriteTransaction } from '../../../../src/container/state/index.js'

/** What every store does. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    const keysOf = (prefix: string) => store.read((tx) => [...tx.list(prefix)].map(([key]) => key))

    it('keeps what was written, and forgets what was deleted', async () => {
      await store.write((tx) => {
        tx.put('a/1', { text: 'ü', list: [1, null, { deep: true }], absent: undefined })
        tx.put('a/2', 'text')
        tx.put('a/3', 0)
        tx.put('a/4', false)
      })
      const values = store.read((tx) => ['a/1', 'a/2', 'a/3', 'a/4', 'a/5'].map((key) => tx.get(key)))
      expect(values).toStrictEqual([
        { text: 'ü', list: [1, null, { deep: true }] },
        'text',
        0,
        false,
        undefined
      ])
      expect(await store.write((tx) => [tx.delete('a/1'), tx.delete('a/1'), tx.delete('b')])).toEqual([
        true,
        false,
        false
      ])
      expect(store.read((tx) => tx.get('a/1'))).toBeUndefined()
    })

    it('replaces what is there', async () => {
      await store.write((tx) => tx.put('a', { long: 'x'.repeat(5000) }))
      await store.write((tx) => tx.put('a', 1))
      expect(store.read((tx) => tx.get('a'))).toBe(1)
      expect(keysOf('')).toContain('a')
    })

    it('lists what begins with a prefix, in the order of the keys', async () => {
      const written = [
        'a/b/2',
        'a/b/10',
        'a/b',
        'a-b/1',
        'a/b.c/1',
        'a/',
        'b',
        'a/bc',
        'a/b/fd00::1',
        'a/b/Z'
      ]
      await store.write((tx) => written.forEach((key, index) => tx.put(key, index)))
      expect(keysOf('a/b/')).toEqual(['a/b/10', 'a/b/2', 'a/b/Z', 'a/b/fd00::1'])
      expect(keysOf('a/b')).toEqual(written.filter((key) => key.startsWith('a/b')).sort())
      expect(keysOf('a')).toEqual(written.filter((key) => key.startsWith('a')).sort())
      expect(keysOf('a/b/10')).toEqual(['a/b/10'])
      expect(keysOf('c/')).toEqual([])
      expect(store.read((tx) => [...tx.list('a/b/')].map(([, value]) => value))).toEqual([1, 0, 9, 8])
    })

    it('sees its own changes within a transaction, and lists what was there when it was asked', async () => {
      await store.write((tx) => {
        for (let i = 0; i < 100; i++) tx.put(`n/${i}`, i)
      })
      await store.write((tx) => {
        tx.put('n/new', 1)
        tx.delete('n/0')
        expect(tx.get('n/new')).toBe(1)
        expect(tx.get('n/0')).toBeUndefined()
        const seen: string[] = []
        for (const [key] of tx.list('n/')) {
          tx.delete(key)
          tx.put(`n/again-${key.slice(2)}`, true)
          seen.push(key)
        }
        expect(seen).toHaveLength(100)
        expect([...tx.list('n/')]).toHaveLength(100)
      })
      expect(keysOf('n/').every((key) => key.startsWith('n/again-'))).toBe(true)
    })

    it('writes nothing when the body throws', async () => {
      await store.write((tx) => tx.put('a/1', 'before'))
      const failure = new Error('enough')
      const work = store.write((tx) => {
        tx.put('a/1', 'after')
        tx.put('a/1', 'later')
        tx.put('a/2', 'new')
        tx.delete('a/1')
        throw failure
      })
      await expect(work).rejects.toBe(failure)
      expect(store.read((tx) => [...tx.list('a/')])).toEqual([['a/1', 'before']])
    })

    it('holds what it was given, whatever becomes of that and of what is read', async () => {
      const record = { list: [1] }
      await store.write((tx) => tx.put('a', record))
      record.list.push(2)
      const read = () => store.read((tx) => tx.get<typeof record>('a'))!
      try {
        read().list.push(3)
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
      }
      expect(read()).toEqual({ list: [1] })
    })

    it('writes what was asked for in order', async () => {
      const works = Array.from({ length: 50 }, (_, i) =>
        store.write((tx) => {
          const list = tx.get<number[]>('list') ?? []
          tx.put('list', [...list, i])
          return i
        })
      )
      expect(await Promise.all(works)).toEqual(Array.from({ length: 50 }, (_, i) => i))
      expect(store.read((tx) => tx.get('list'))).toEqual(Array.from({ length: 50 }, (_, i) => i))
    })

    it('refuses a body that goes on after it returned, and keeps nothing of it', async () => {
      const work = store.write(async (tx) => {
        tx.put('a', 1)
        await Promise.resolve()
      })
      await expect(work).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
      expect(store.read((tx) => tx.get('a'))).toBeUndefined()
      expect(() => store.read(async () => undefined)).toThrow(TypeError)
    })

    it('refuses a transaction that has ended, and one within another', async () => {
      let kept: WriteTransaction | undefined
      await store.write((tx) => {
        kept = tx
      })
      expect(() => kept!.put('a', 1)).toThrow('has ended')
      expect(() => kept!.get('a')).toThrow('has ended')
      let read: ReadTransaction | undefined
      store.read((tx) => {
        read = tx
      })
      expect(() => read!.list('a')).toThrow('has ended')
      await expect(store.write(() => store.read(() => 1))).rejects.toThrow('do not nest')
      expect(() => store.read(() => store.read(() => 1))).toThrow('do not nest')
      expect(store.read((tx) => tx.get('a'))).toBeUndefined()
    })

    it('refuses everything once it is closed, which can be repeated', async () => {
      await store.close()
      await store.close()
      expect(() => store.read(() => 1)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
      await expect(store.write(() => 1)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    })

    it('tells nobody of its own commits', async () => {
      let told = 0
      const stop = store.onChange(() => told++)
      await store.write((tx) => tx.put('a', 1))
      await new Promise((resolve) => setTimeout(resolve, 50))
      stop()
      expect(told).toBe(0)
    })
  })
}
