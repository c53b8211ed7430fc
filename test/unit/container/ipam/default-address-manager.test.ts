import { describe, expect, it } from 'vitest'
import { DefaultAddressManager } from '../../../../src/container/ipam/index.js'
import type { Pool } from '../../../../src/container/model/network.js'
import { MemoryStore, putEndpoint, putNetwork, putSandbox } from '../../../../src/container/state/index.js'
import { endpointRecord, networkRecord, sandboxRecord } from '../records.js'

const manager = new DefaultAddressManager()
const pool: Pool = {
  family: 'inet',
  subnet: '10.88.0.0/29',
  gateway: '10.88.0.1',
  auxiliaryAddresses: { router: '10.88.0.3' }
}
const pool6: Pool = { family: 'inet6', subnet: 'fd00:88::/64', gateway: 'fd00:88::1' }

/** A network whose addresses are taken and released. */
async function testNetwork(...pools: readonly Pool[]) {
  const store = new MemoryStore()
  const network = networkRecord({ name: 'web', pools })
  await store.write((tx) => putNetwork(tx, network))
  return {
    store,
    network,
    take: (owner: string, requested?: string) =>
      store.write((tx) => manager.takeAddress(tx, network.id, pools, owner, requested)),
    release: (address: string) => store.write((tx) => manager.releaseAddress(tx, network.id, address)),
    list: () => store.read((tx) => Object.fromEntries(manager.listAddresses(tx, network.id)))
  }
}

describe('taking the next address', () => {
  it('goes through the subnet in order, and leaves out what is reserved', async () => {
    const { take, list } = await testNetwork(pool)
    expect([await take('a'), await take('b'), await take('c'), await take('d')]).toEqual([
      '10.88.0.2',
      '10.88.0.4',
      '10.88.0.5',
      '10.88.0.6'
    ])
    expect(list()).toEqual({ '10.88.0.2': 'a', '10.88.0.4': 'b', '10.88.0.5': 'c', '10.88.0.6': 'd' })
    await expect(take('e')).rejects.toMatchObject({
      code: 'ERR_POOL_EXHAUSTED',
      message: 'no address is left of 10.88.0.0/29 of network web'
    })
  })

  it('does not give an address again that was just released, until all others were given', async () => {
    const { take, release } = await testNetwork(pool)
    expect(await take('a')).toBe('10.88.0.2')
    await release('10.88.0.2')
    expect(await take('a')).toBe('10.88.0.4')
    await release('10.88.0.4')
    expect(await take('b')).toBe('10.88.0.5')
    expect(await take('c')).toBe('10.88.0.6')
    expect(await take('d')).toBe('10.88.0.2')
    expect(await take('e')).toBe('10.88.0.4')
    await expect(take('f')).rejects.toMatchObject({ code: 'ERR_POOL_EXHAUSTED' })
    await release('10.88.0.5')
    expect(await take('f')).toBe('10.88.0.5')
  })

  it('gives the same owner the same', async () => {
    const { take, list } = await testNetwork(pool)
    expect(await take('a')).toBe('10.88.0.2')
    expect(await take('b')).toBe('10.88.0.4')
    expect(await take('a')).toBe('10.88.0.2')
    expect(await take('a', '10.88.0.2')).toBe('10.88.0.2')
    expect(list()).toEqual({ '10.88.0.2': 'a', '10.88.0.4': 'b' })
  })

  it('stays in the range', async () => {
    const { take } = await testNetwork({ family: 'inet', subnet: '10.88.0.0/16', range: '10.88.4.0/30' })
    const taken = [await take('a'), await take('b'), await take('c'), await take('d')]
    expect(taken).toEqual(['10.88.4.0', '10.88.4.1', '10.88.4.2', '10.88.4.3'])
    await expect(take('e')).rejects.toThrow('no address is left of 10.88.4.0/30 of network web')
    // Asked for, it may be anywhere in the subnet.
    expect(await take('e', '10.88.9.9')).toBe('10.88.9.9')
  })

  it('never leaves the subnet for the ends of a range', async () => {
    const { take } = await testNetwork({ family: 'inet', subnet: '10.88.0.0/24', range: '10.88.0.252/30' })
    expect([await take('a'), await take('b'), await take('c')]).toEqual([
      '10.88.0.252',
      '10.88.0.253',
      '10.88.0.254'
    ])
    await expect(take('d')).rejects.toMatchObject({ code: 'ERR_POOL_EXHAUSTED' })
  })

  it.each([
    ['10.88.0.0/31', ['10.88.0.0', '10.88.0.1']],
    ['10.88.0.7/32', ['10.88.0.7']],
    ['10.88.0.0/30', ['10.88.0.1', '10.88.0.2']],
    ['fd00::/127', ['fd00::', 'fd00::1']],
    ['fd00::/126', ['fd00::1', 'fd00::2', 'fd00::3']]
  ])('of %s gives %j', async (subnet, expected) => {
    const { take } = await testNetwork({ family: subnet.includes(':') ? 'inet6' : 'inet', subnet })
    const taken: string[] = []
    for (const [index] of expected.entries()) taken.push(await take(`owner-${index}`))
    expect(taken).toEqual(expected)
    await expect(take('last')).rejects.toMatchObject({ code: 'ERR_POOL_EXHAUSTED' })
  })

  it('goes on in the next pool', async () => {
    const { take } = await testNetwork(
      { family: 'inet', subnet: '10.88.0.0/31' },
      { family: 'inet', subnet: '10.89.0.0/31' }
    )
    const taken = [await take('a'), await take('b'), await take('c')]
    expect(taken).toEqual(['10.88.0.0', '10.88.0.1', '10.89.0.0'])
  })

  it('has two families apart', async () => {
    const { store, network, list } = await testNetwork(pool, pool6)
    await store.write((tx) => {
      expect(manager.takeAddress(tx, network.id, [pool], 'a')).toBe('10.88.0.2')
      expect(manager.takeAddress(tx, network.id, [pool6], 'a')).toBe('fd00:88::2')
      expect(manager.takeAddress(tx, network.id, [pool6], 'b')).toBe('fd00:88::3')
      expect(manager.takeAddress(tx, network.id, [pool6], 'a')).toBe('fd00:88::2')
    })
    expect(list()).toEqual({ '10.88.0.2': 'a', 'fd00:88::2': 'a', 'fd00:88::3': 'b' })
  })

  it('knows networks apart', async () => {
    const { store, network } = await testNetwork(pool)
    await store.write((tx) => {
      expect(manager.takeAddress(tx, network.id, [pool], 'a')).toBe('10.88.0.2')
      expect(manager.takeAddress(tx, 'other', [pool], 'a')).toBe('10.88.0.2')
    })
  })
})

describe('taking an address that was asked for', () => {
  it('takes it, and does not disturb the order', async () => {
    const { take } = await testNetwork(pool)
    expect(await take('x', '10.88.0.5')).toBe('10.88.0.5')
    expect([await take('a'), await take('b'), await take('c')]).toEqual([
      '10.88.0.2',
      '10.88.0.4',
      '10.88.0.6'
    ])
  })

  it('takes it in whatever form it is written', async () => {
    const { take, release, list } = await testNetwork(pool6)
    expect(await take('x', 'FD00:88:0::0:00ff')).toBe('fd00:88::ff')
    await release('FD00:88::FF')
    expect(list()).toEqual({})
  })

  it('refuses what is taken or reserved, and tells by whom', async () => {
    const { store, network, take } = await testNetwork(pool)
    const sandbox = sandboxRecord({ name: 'db' })
    const endpoint = endpointRecord({ networkId: network.id, sandboxId: sandbox.id })
    await store.write((tx) => {
      putSandbox(tx, sandbox)
      putEndpoint(tx, endpoint)
    })
    await take(endpoint.id, '10.88.0.4')
    for (const [address, reason] of [
      ['10.88.0.4', 'is taken by sandbox db'],
      ['10.88.0.1', 'is the gateway'],
      ['10.88.0.3', 'is the auxiliary address "router"']
    ] as const) {
      await expect(take('other', address)).rejects.toMatchObject({
        code: 'ERR_ADDRESS_IN_USE',
        message: `the address ${address} of network web ${reason}`
      })
    }
    await expect(take(endpoint.id, '10.88.0.5')).rejects.toMatchObject({
      code: 'ERR_ADDRESS_IN_USE',
      message: "the address 10.88.0.5 of network web can't be given to sandbox db, which has 10.88.0.4"
    })
  })

  it.each([
    ['10.88.0.0', 'ERR_OUT_OF_RANGE'],
    ['10.88.0.7', 'ERR_OUT_OF_RANGE'],
    ['10.88.0.8', 'ERR_OUT_OF_RANGE'],
    ['fd00:88::5', 'ERR_OUT_OF_RANGE'],
    ['10.88.0.2/29', 'ERR_INVALID_ARG_VALUE'],
    ['db', 'ERR_INVALID_ARG_VALUE']
  ])('refuses %s', async (address, code) => {
    const { take, list } = await testNetwork(pool)
    await expect(take('a', address)).rejects.toMatchObject({ code })
    expect(list()).toEqual({})
  })
})

describe('releasing', () => {
  it('leaves nothing behind of a network', async () => {
    const { store, network, take } = await testNetwork(pool)
    const before = store.read((tx) => [...tx.list('')])
    await take('a')
    await take('b', '10.88.0.6')
    await store.write((tx) => manager.releaseNetwork(tx, network.id))
    expect(store.read((tx) => [...tx.list('')])).toEqual(before)
    expect(await take('c')).toBe('10.88.0.2')
  })

  it('is content with an address that nobody has', async () => {
    const { release, take, list } = await testNetwork(pool)
    await release('10.88.0.5')
    await release('10.99.0.1')
    await take('a')
    await release('10.88.0.2')
    await release('10.88.0.2')
    expect(list()).toEqual({})
  })
})

describe('the cost of an address', () => {
  /** A store that counts how many records a transaction touches. */
  async function touched(taken: number, where: Pool): Promise<number> {
    const store = new MemoryStore()
    let touches = 0
    await store.write((tx) => {
      for (let i = 0; i < taken; i++) manager.takeAddress(tx, 'network', [where], `owner-${i}`)
      const counting: typeof tx = {
        get: (key) => (touches++, tx.get(key)),
        list: () => expect.fail('lists nothing'),
        put: (key, value) => (touches++, tx.put(key, value)),
        delete: (key) => (touches++, tx.delete(key))
      }
      const address = manager.takeAddress(counting, 'network', [where], 'another')
      manager.releaseAddress(counting, 'network', address)
    })
    return touches
  }

  it.each([
    ['10.0.0.0/16', 60_000],
    ['fd00::/64', 20_000]
  ])('in %s with %d taken is that of an empty one, and a little', async (subnet, count) => {
    const where: Pool = { family: subnet.includes(':') ? 'inet6' : 'inet', subnet }
    const empty = await touched(0, where)
    const many = await touched(count, where)
    expect(many - empty).toBeLessThanOrEqual(12)
  })

  it('stays so where the search has to begin again, in a subnet that is almost full', async () => {
    const store = new MemoryStore()
    const where: Pool = { family: 'inet', subnet: '10.0.0.0/20' }
    await store.write((tx) => {
      for (let i = 0; i < 4094; i++) manager.takeAddress(tx, 'network', [where], `owner-${i}`)
      expect(() => manager.takeAddress(tx, 'network', [where], 'x')).toThrow('no address is left')
      manager.releaseAddress(tx, 'network', '10.0.7.77')
      let reads = 0
      const counting: typeof tx = {
        get: (key) => (reads++, tx.get(key)),
        list: (prefix) => tx.list(prefix),
        put: (key, value) => tx.put(key, value),
        delete: (key) => tx.delete(key)
      }
      expect(manager.takeAddress(counting, 'network', [where], 'x')).toBe('10.0.7.77')
      expect(reads).toBeLessThan(30)
    })
  })
})
