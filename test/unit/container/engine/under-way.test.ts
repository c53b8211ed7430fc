import { describe, expect, it } from 'vitest'
import { isAbandoned, workOn, workOnNew } from '../../../../src/container/engine/under-way.js'
import { MemoryStore, currentProcess } from '../../../../src/container/state/index.js'

const owner = currentProcess()

describe('what is under way', () => {
  it('is not abandoned, and what failed is', async () => {
    const record = { id: 'a', owner }
    expect(isAbandoned(record)).toBe(true)
    await workOnNew('a', async () => expect(isAbandoned(record)).toBe(false))
    await expect(workOnNew('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(isAbandoned(record)).toBe(true)
  })

  it('of other processes is abandoned once they are dead', () => {
    expect(isAbandoned({ id: 'a' })).toBe(true)
    expect(isAbandoned({ id: 'a', owner: { ...owner, pid: 1, startTime: -1 } })).toBe(true)
    expect(isAbandoned({ id: 'a', owner: { ...owner, bootId: 'another' } })).toBe(true)
    const parent = { ...owner, startTime: owner.startTime + 1 }
    expect(isAbandoned({ id: 'a', owner: parent })).toBe(true)
  })

  it('begins with the claim, which may ask', async () => {
    const store = new MemoryStore()
    const record = { id: 'b', owner }
    const claim = () => {
      expect(isAbandoned(record)).toBe(true)
      return record
    }
    const work = workOn(store, claim, async () => isAbandoned(record))
    expect(isAbandoned(record)).toBe(false)
    expect(await work).toBe(false)
    expect(isAbandoned(record)).toBe(true)
    const refuse = () => {
      throw new Error('taken')
    }
    await expect(workOn(store, refuse, async () => undefined)).rejects.toThrow('taken')
  })
})
