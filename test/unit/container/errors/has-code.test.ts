import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { invalidRange } from '../../../../src/codec/index.js'
import { hasCode } from '../../../../src/container/errors/has-code.js'
import { NetloomError } from '../../../../src/netlink/index.js'

const thrownBy = async (work: () => unknown): Promise<unknown> => {
  try {
    await work()
    return undefined
  } catch (error) {
    return error
  }
}

describe('hasCode', () => {
  it('knows the errors of netloom, and of Node.js', async () => {
    const closed = new NetloomError('ERR_CLOSED', 'closed')
    const range = await thrownBy(() => invalidRange(7, 'less'))
    const missing = await thrownBy(() => readFile('/no/such/file'))
    expect(hasCode(closed, 'ERR_TIMEOUT', 'ERR_CLOSED')).toBe(true)
    expect(hasCode(range, 'ERR_OUT_OF_RANGE')).toBe(true)
    expect(hasCode(missing, 'ENOENT')).toBe(true)
    for (const error of [closed, range, missing]) expect(hasCode(error, 'EEXIST')).toBe(false)
  })

  it('is false for what has no code', () => {
    for (const error of [new Error('no code'), undefined, null, 'ENOENT']) {
      expect(hasCode(error, 'ENOENT')).toBe(false)
      expect(hasCode(error)).toBe(false)
    }
  })
})
