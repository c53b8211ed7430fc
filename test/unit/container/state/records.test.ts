import { describe, expect, it } from 'vitest'
import type { EndpointRecord } from '../../../../src/container/model/endpoint.js'
import type { NetworkRecord } from '../../../../src/container/model/network.js'
import {
  MemoryStore,
  checkName,
  deleteEndpoint,
  deleteNetwork,
  describeOwner,
  findEndpoint,
  findNetwork,
  findSandbox,
  getEndpoint,
  getNetwork,
  listEndpoints,
  listEndpointsOfNetwork,
  listEndpointsOfSandbox,
  listNetworks,
  putEndpoint,
  putNetwork,
  putSandbox,
  randomId,
  shortId
} from '../../../../src/container/state/index.js'
import { endpointRecord, networkRecord, sandboxRecord } from '../records.js'

const code = (expected: string) => expect.objectContaining({ code: expected }) as Error
const ids = (records: readonly { id: string }[]) => records.map(({ id }) => id).sort()

describe('ids', () => {
  it('are 64 random hexadecimal digits', () => {
    const made = new Set(Array.from({ length: 100 }, randomId))
    expect(made.size).toBe(100)
    for (const id of made) expect(id).toMatch(/^[0-9a-f]{64}$/)
    expect(shortId('0123456789abcdef')).toBe('0123456789ab')
  })
})

describe('names', () => {
  it.each(['web', 'Web-1', '0', 'a.b_c-d', 'x'.repeat(255)])('may be %s', (name) => {
    expect(() => checkName(name)).not.toThrow()
  })
  it.each(['', '-a', '.a', 'a/b', 'a b', 'ä', 'x'.repeat(256), 'a\n', 7, null, undefined])(
    'may not be %j',
    (name) => {
      expect(() => checkName(name)).toThrow(TypeError)
    }
  )
})

describe('networks', () => {
  const a = networkRecord({ id: `abc${'0'.repeat(61)}`, name: 'web' })
  const b = networkRecord({ id: `abc1${'0'.repeat(60)}`, name: 'abd' })
  const c = networkRecord({ id: `abd${'0'.repeat(61)}`, name: 'db' })

  async function storeOf(...networks: NetworkRecord[]) {
    const store = new MemoryStore()
    await store.write((tx) => networks.forEach((network) => putNetwork(tx, network)))
    return store
  }

  it('are found by name, by id and by the beginning of an id, in this order', async () => {
    const store = await storeOf(a, b, c)
    const find = (text: string) => store.read((tx) => findNetwork(tx, text)).name
    expect(find('web')).toBe('web')
    expect(find(a.id)).toBe('web')
    expect(find('abc0')).toBe('web')
    expect(find('abc1')).toBe('abd')
    expect(find('abd')).toBe('abd')
    expect(find('abd0')).toBe('db')
    expect(ids(store.read(listNetworks))).toEqual(ids([a, b, c]))
  })

  it('are not found by what nothing has, or several have', async () => {
    const store = await storeOf(a, b, c)
    const find = (text: unknown) => () => store.read((tx) => findNetwork(tx, text as string))
    for (const text of ['we', 'webb', 'ab', 'ABC0', 'abc2', '', '../web', 'a/b', '%', `${a.id}0`]) {
      expect(find(text)).toThrow(code('ERR_NETWORK_NOT_FOUND'))
    }
    expect(find('abc')).toThrow(code('ERR_AMBIGUOUS_ID'))
    expect(find('abc')).toThrow(/abc000000000, abc100000000/)
    expect(find(7)).toThrow(TypeError)
    expect(() => store.read((tx) => findSandbox(tx, 'web'))).toThrow(code('ERR_SANDBOX_NOT_FOUND'))
  })

  it('have a name of their own, which is free again when they go', async () => {
    const store = await storeOf(a)
    const other = networkRecord({ name: 'web' })
    await expect(store.write((tx) => putNetwork(tx, other))).rejects.toMatchObject({
      code: 'ERR_NETWORK_EXISTS',
      message: expect.stringContaining('web') as string
    })
    expect(store.read(listNetworks)).toEqual([a])
    const ready = { ...a, phase: 'removing' as const }
    await store.write((tx) => putNetwork(tx, ready))
    expect(store.read((tx) => getNetwork(tx, a.id))).toEqual(ready)
    expect(await store.write((tx) => [deleteNetwork(tx, a.id), deleteNetwork(tx, a.id)])).toEqual([
      true,
      false
    ])
    await store.write((tx) => putNetwork(tx, other))
    expect(store.read((tx) => findNetwork(tx, 'web'))).toEqual(other)
  })
})

describe('endpoints', () => {
  const network = networkRecord({ name: 'web' })
  const sandbox = sandboxRecord({ name: 'frontend' })
  const endpoint = (fields: Partial<EndpointRecord> = {}) =>
    endpointRecord({ networkId: network.id, sandboxId: sandbox.id, ...fields })

  it('are listed by network and by sandbox', async () => {
    const store = new MemoryStore()
    const mine = endpoint()
    const elsewhere = endpoint({ networkId: randomId() })
    const others = endpoint({ sandboxId: randomId() })
    await store.write((tx) => [mine, elsewhere, others, mine].forEach((record) => putEndpoint(tx, record)))
    store.read((tx) => {
      expect(ids(listEndpoints(tx))).toEqual(ids([mine, elsewhere, others]))
      expect(ids(listEndpointsOfNetwork(tx, network.id))).toEqual(ids([mine, others]))
      expect(ids(listEndpointsOfSandbox(tx, sandbox.id))).toEqual(ids([mine, elsewhere]))
      expect(findEndpoint(tx, network.id, sandbox.id)).toEqual(mine)
      expect(getEndpoint(tx, randomId())).toBeUndefined()
    })
    await store.write((tx) => {
      for (const { id } of [mine, elsewhere, others]) expect(deleteEndpoint(tx, id)).toBe(true)
      expect(deleteEndpoint(tx, mine.id)).toBe(false)
      expect([...tx.list('')]).toEqual([])
    })
  })

  it('that are gone connect nothing', async () => {
    const store = new MemoryStore()
    await store.write((tx) => {
      putNetwork(tx, network)
      putSandbox(tx, sandbox)
      putEndpoint(tx, endpoint({ phase: 'gone' }))
    })
    const find = () => store.read((tx) => findEndpoint(tx, network.id, sandbox.id))
    expect(find).toThrow(code('ERR_ENDPOINT_NOT_FOUND'))
    expect(find).toThrow('sandbox frontend is not connected to network web')
    const next = endpoint({ phase: 'connecting' })
    await store.write((tx) => putEndpoint(tx, next))
    expect(find()).toEqual(next)
  })

  it('are called by their sandbox', async () => {
    const store = new MemoryStore()
    const mine = endpoint()
    const lost = endpoint({ sandboxId: `5a${'0'.repeat(62)}` })
    await store.write((tx) => {
      putSandbox(tx, sandbox)
      putEndpoint(tx, mine)
      putEndpoint(tx, lost)
      expect(describeOwner(tx, mine.id)).toBe('sandbox frontend')
      expect(describeOwner(tx, lost.id)).toBe('sandbox 5a0000000000')
      expect(describeOwner(tx, 'f'.repeat(64))).toBe('endpoint ffffffffffff')
      expect(describeOwner(tx, 'the gateway')).toBe('the gateway')
    })
  })
})
