import { describe, expect, it } from 'vitest'
import { markOfDirectory, markOfProcess, readDeadMark } from '../../../../src/container/engine/mark.js'

describe('marks', () => {
  it('of a directory and of a live process are nobody else’s to take away', () => {
    expect(markOfDirectory('0123456789ab')).toEqual({
      ...{ alias: 'netloom:0123456789ab', table: 'netloom-0123456789ab' }
    })
    expect(readDeadMark('netloom:0123456789ab')).toBeUndefined()
    expect(readDeadMark(markOfProcess('0123456789ab').alias)).toBeUndefined()
    for (const alias of [
      undefined,
      '',
      'uplink',
      'netloom:',
      'netloom:0123456789ab:1',
      'xnetloom:0123456789ab:1:2'
    ]) {
      expect(readDeadMark(alias)).toBeUndefined()
    }
  })

  it('of a dead process tell what it had', () => {
    const alias = 'netloom:0123456789ab:1:99999999999999'
    expect(readDeadMark(alias)).toEqual({ alias, table: 'netloom-0123456789ab' })
  })
})
