import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Turns } from '../../../../src/container/engine/turns.js'

describe('Turns', () => {
  it('do one thing after the other under a key, also after a failure, and others beside it', async () => {
    const turns = new Turns()
    const log: string[] = []
    const work = (key: string, name: string, fails = false) =>
      turns.take(key, async () => {
        log.push(`${name} begins`)
        await delay(1)
        log.push(`${name} ends`)
        if (fails) throw new Error(name)
        return name
      })
    const all = Promise.allSettled([work('a', 'one', true), work('a', 'two'), work('b', 'three')])
    await turns.ended()
    expect(await all).toMatchObject([{ reason: { message: 'one' } }, { value: 'two' }, { value: 'three' }])
    const ofA = log.filter((line) => !line.startsWith('three'))
    expect(ofA).toEqual(['one begins', 'one ends', 'two begins', 'two ends'])
    expect(log.indexOf('three begins')).toBeLessThan(log.indexOf('two begins'))
  })
})
