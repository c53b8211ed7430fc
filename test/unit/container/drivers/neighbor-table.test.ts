import { afterEach, describe, expect, it, vi } from 'vitest'
import { neighborTable } from '../../../../src/container/drivers/bridge/neighbor-table.js'
import type { EndpointRecord } from '../../../../src/container/model/endpoint.js'
import type { NetworkNamespace } from '../../../../src/index.js'

/** The limit is the machine's: no test can change it. */
const hostWith = (limit: () => Promise<number>): NetworkNamespace =>
  ({ sysctl: { get: limit } }) as unknown as NetworkNamespace

const endpoint = (id: number): EndpointRecord =>
  ({ id: String(id), address: '10.0.0.1' }) as unknown as EndpointRecord

describe('the neighbour table', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is warned of once, when it may overflow', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const table = neighborTable(hostWith(async () => 8))
    for (let id = 0; id < 5; id++) await table.add(endpoint(id))
    await table.add(endpoint(4))
    table.remove(endpoint(4))
    await table.add(endpoint(5))
    expect(warn).not.toHaveBeenCalled()
    for (let id = 6; id < 9; id++) await table.add(endpoint(id))
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining('gc_thresh3'), { type: 'NetloomWarning', code: 'NETLOOM_NEIGHBOR_TABLE' }]
    ])
  })

  it('is not warned of where its size can not be read', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const table = neighborTable(hostWith(() => Promise.reject(new Error('ENOENT'))))
    for (let id = 0; id < 9; id++) await table.add(endpoint(id))
    expect(warn).not.toHaveBeenCalled()
  })
})
