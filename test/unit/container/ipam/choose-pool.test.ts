import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DefaultAddressManager } from '../../../../src/container/ipam/index.js'
import type { DefaultPool, PoolRequest } from '../../../../src/container/ipam/index.js'
import { overlaps, parseSubnet } from '../../../../src/container/ipam/subnet.js'
import type { Pool, PoolOptions } from '../../../../src/container/model/network.js'
import { MemoryStore } from '../../../../src/container/state/index.js'

const manager = new DefaultAddressManager()
const usedBy = (subnets: readonly string[]) => subnets.map((subnet) => ({ subnet, by: 'network other' }))

function choose(
  options: PoolOptions,
  request: Partial<Omit<PoolRequest, 'used'>> & { used?: readonly string[]; pools?: DefaultPool[] } = {}
): Promise<Pool> {
  const { used = [], pools, ...rest } = request
  const chooser = pools === undefined ? manager : new DefaultAddressManager({ pools })
  return new MemoryStore().write((tx) =>
    chooser.choosePool(tx, { family: 'inet', gateway: true, ...rest, options, used: usedBy(used) })
  )
}

describe('a pool without a subnet', () => {
  it("has the next of Docker's that overlaps nothing", async () => {
    expect(await choose({})).toEqual({ family: 'inet', subnet: '172.17.0.0/16', gateway: '172.17.0.1' })
    const used = ['172.17.5.0/24', '172.18.0.1/32', '10.0.0.0/8', 'fd00::/8']
    expect(await choose({}, { used })).toMatchObject({ subnet: '172.19.0.0/16' })
    expect(await choose({}, { used: ['172.16.0.0/12', '192.168.3.0/24'] })).toMatchObject({
      subnet: '192.168.16.0/20',
      gateway: '192.168.16.1'
    })
    expect(await choose({}, { used: ['172.16.0.0/12'], gateway: false })).toEqual({
      family: 'inet',
      subnet: '192.168.0.0/20'
    })
  })

  it('finds all of them, one after the other, and then none', async () => {
    const used: string[] = []
    for (let i = 0; i < 15 + 16; i++) used.push((await choose({}, { used })).subnet)
    expect(used.slice(0, 15)).toEqual(Array.from({ length: 15 }, (_, i) => `172.${17 + i}.0.0/16`))
    expect(used.slice(15)).toEqual(Array.from({ length: 16 }, (_, i) => `192.168.${i * 16}.0/20`))
    await expect(choose({}, { used })).rejects.toMatchObject({
      code: 'ERR_POOL_EXHAUSTED',
      message: expect.stringContaining('192.168.0.0/16 in /20') as string
    })
  })

  it('has one of the pools that were configured for its family', async () => {
    const pools = [
      { base: '10.1.0.0/23', size: 24 },
      { base: 'fd01::/48', size: 64 }
    ]
    const used: string[] = []
    for (let i = 0; i < 2; i++) used.push((await choose({}, { used, pools })).subnet)
    expect(used).toEqual(['10.1.0.0/24', '10.1.1.0/24'])
    await expect(choose({}, { used, pools })).rejects.toMatchObject({ code: 'ERR_POOL_EXHAUSTED' })
    expect(await choose({}, { used, pools, family: 'inet6' })).toMatchObject({ subnet: 'fd01::/64' })
    // What is not configured of a family stays as it is.
    expect(await choose({}, { pools: pools.slice(1) })).toMatchObject({ subnet: '172.17.0.0/16' })
  })

  it('has for IPv6 a /64 of a unique local prefix, which is random, and kept', async () => {
    const store = new MemoryStore()
    const used: string[] = []
    for (let i = 0; i < 3; i++) {
      const request = { family: 'inet6', gateway: true, options: {}, used: usedBy(used) } as const
      const pool = await store.write((tx) => manager.choosePool(tx, request))
      expect(pool.gateway).toBe(pool.subnet.replace('/64', '1'))
      used.push(pool.subnet)
    }
    const [first, second, third] = used.map(parseSubnet)
    expect(used[0]).toMatch(/^fd[0-9a-f]{2}:[0-9a-f:]*::\/64$/)
    expect(second!.first - first!.first).toBe(1n << 64n)
    expect(third!.first - second!.first).toBe(1n << 64n)
    const other = await choose({}, { family: 'inet6' })
    expect(other.subnet).not.toBe(used[0])
  })

  it('overlaps nothing, and is the first that does not', async () => {
    const pools = [
      { base: '10.0.0.0/24', size: 27 },
      { base: '10.0.2.0/25', size: 26 }
    ]
    const candidates = [
      ...Array.from({ length: 8 }, (_, i) => `10.0.0.${i * 32}/27`),
      ...Array.from({ length: 2 }, (_, i) => `10.0.2.${i * 64}/26`)
    ]
    const used = fc.array(
      fc
        .tuple(fc.integer({ min: 22, max: 32 }), fc.constantFrom(0, 2), fc.integer({ min: 0, max: 255 }))
        .map(([length, third, fourth]) => `10.0.${third}.${fourth}/${length}`),
      { maxLength: 6 }
    )
    await fc.assert(
      fc.asyncProperty(used, async (used) => {
        const masked = used.map((text) => {
          const [address, length] = text.split('/') as [string, string]
          const bits = Number(length)
          const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number]
          const value = (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) & (bits === 0 ? 0 : -1 << (32 - bits))
          return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.') + `/${bits}`
        })
        const free = candidates.find(
          (subnet) => !masked.some((other) => overlaps(parseSubnet(subnet), parseSubnet(other)))
        )
        // As they come: addresses with a prefix length, host bits and all.
        const chosen = await choose({}, { used, pools }).then(
          ({ subnet }) => subnet,
          () => undefined
        )
        expect(chosen).toBe(free)
      })
    )
  })
})

describe('a pool with a subnet', () => {
  it('keeps what was given, in canonical text', async () => {
    expect(
      await choose({
        subnet: '10.88.0.0/16',
        range: '10.88.4.0/24',
        gateway: '10.88.0.9',
        auxiliaryAddresses: { router: '10.88.0.5', 'other.one': '10.88.4.1' }
      })
    ).toEqual({
      family: 'inet',
      subnet: '10.88.0.0/16',
      range: '10.88.4.0/24',
      gateway: '10.88.0.9',
      auxiliaryAddresses: { router: '10.88.0.5', 'other.one': '10.88.4.1' }
    })
    expect(
      await choose(
        { subnet: 'FD00:0088:0::/64', gateway: 'fd00:88:0:0:0::FF', auxiliaryAddresses: {} },
        { family: 'inet6' }
      )
    ).toEqual({ family: 'inet6', subnet: 'fd00:88::/64', gateway: 'fd00:88::ff', auxiliaryAddresses: {} })
  })

  it.each([
    ['10.88.0.0/16', undefined, undefined, '10.88.0.1'],
    ['10.88.0.0/16', '10.88.0.0/24', undefined, '10.88.0.1'],
    ['10.88.0.0/16', '10.88.4.0/24', undefined, '10.88.4.0'],
    ['10.88.0.0/16', undefined, { a: '10.88.0.1', b: '10.88.0.2' }, '10.88.0.3'],
    ['10.88.0.0/30', undefined, undefined, '10.88.0.1'],
    ['10.88.0.0/31', undefined, undefined, '10.88.0.0'],
    ['10.88.0.4/32', undefined, undefined, '10.88.0.4'],
    ['fd00::/64', undefined, undefined, 'fd00::1'],
    ['fd00::/127', undefined, undefined, 'fd00::'],
    ['fd00::/126', undefined, undefined, 'fd00::1']
  ])('%s with range %s and %j has the gateway %s', async (subnet, range, auxiliaryAddresses, gateway) => {
    const family = subnet.includes(':') ? 'inet6' : 'inet'
    expect((await choose({ subnet, range, auxiliaryAddresses }, { family })).gateway).toBe(gateway)
  })

  it('has no gateway where none is needed, unless it was given', async () => {
    expect(await choose({ subnet: '10.88.0.0/16' }, { gateway: false })).not.toHaveProperty('gateway')
    expect(await choose({ subnet: '10.88.0.0/16', gateway: '10.88.0.7' }, { gateway: false })).toHaveProperty(
      'gateway',
      '10.88.0.7'
    )
  })

  it('is refused where it overlaps another, which the error names', async () => {
    for (const used of ['10.88.5.0/24', '10.0.0.0/8', '10.88.0.0/16', '10.88.255.255/32']) {
      await expect(
        choose({ subnet: '10.88.0.0/16' }, { used: ['10.87.0.0/16', used] })
      ).rejects.toMatchObject({
        code: 'ERR_SUBNET_IN_USE',
        message: `the subnet 10.88.0.0/16 overlaps ${used} of network other`
      })
    }
    await choose({ subnet: '10.88.0.0/16' }, { used: ['10.89.0.0/16', '10.87.0.0/16', 'fd00::/8'] })
  })

  it.each<[PoolOptions, string, string]>([
    [{ subnet: '10.88.0.1/16' }, 'subnet', 'ERR_INVALID_ARG_VALUE'],
    [{ subnet: '10.88.0.0' }, 'subnet', 'ERR_INVALID_ARG_VALUE'],
    [{ subnet: '10.88.0.0/33' }, 'subnet', 'ERR_OUT_OF_RANGE'],
    [{ subnet: 'web' }, 'subnet', 'ERR_INVALID_ARG_VALUE'],
    [{ subnet: 7 as never }, 'subnet', 'ERR_INVALID_ARG_TYPE'],
    [{ subnet: 'fd00::/64' }, 'subnet', 'ERR_INVALID_ARG_VALUE'],
    [{ subnet: '127.1.0.0/16' }, 'subnet', 'ERR_INVALID_ARG_VALUE'],
    [{ subnet: '239.0.0.0/16' }, 'subnet', 'ERR_INVALID_ARG_VALUE'],
    [{ subnet: '0.0.0.0/0' }, 'subnet', 'ERR_INVALID_ARG_VALUE'],
    [{ subnet: '10.88.0.0/16', range: '10.89.0.0/24' }, 'range', 'ERR_OUT_OF_RANGE'],
    [{ subnet: '10.88.0.0/16', range: '10.0.0.0/8' }, 'range', 'ERR_OUT_OF_RANGE'],
    [{ subnet: '10.88.0.0/16', range: '10.88.4.1/24' }, 'range', 'ERR_INVALID_ARG_VALUE'],
    [{ subnet: '10.88.0.0/16', gateway: '10.89.0.1' }, 'gateway', 'ERR_OUT_OF_RANGE'],
    [{ subnet: '10.88.0.0/16', gateway: '10.88.0.0' }, 'gateway', 'ERR_OUT_OF_RANGE'],
    [{ subnet: '10.88.0.0/16', gateway: '10.88.255.255' }, 'gateway', 'ERR_OUT_OF_RANGE'],
    [{ subnet: '10.88.0.0/16', gateway: '10.88.0.1/16' }, 'gateway', 'ERR_INVALID_ARG_VALUE'],
    [
      { subnet: '10.88.0.0/16', auxiliaryAddresses: { 'a.b': '10.89.0.1' } },
      'auxiliaryAddresses.a.b',
      'ERR_OUT_OF_RANGE'
    ],
    [
      { subnet: '10.88.0.0/16', gateway: '10.88.0.2', auxiliaryAddresses: { a: '10.88.0.2' } },
      'gateway',
      'ERR_INVALID_ARG_VALUE'
    ],
    [
      { subnet: '10.88.0.0/16', auxiliaryAddresses: [] as never },
      'auxiliaryAddresses',
      'ERR_INVALID_ARG_TYPE'
    ],
    [{ subnet: '10.88.0.0/16', subnets: [] } as never, 'subnets', 'ERR_UNKNOWN_FIELD'],
    [{ range: '10.88.4.0/24' }, 'subnet', 'ERR_MISSING_FIELD'],
    [{ gateway: '10.88.4.1' }, 'subnet', 'ERR_MISSING_FIELD']
  ])('%j is refused at %s', async (options, field, code) => {
    await expect(choose(options)).rejects.toMatchObject({ field, code })
  })

  it('has to have room for its gateway', async () => {
    await expect(
      choose({ subnet: '10.88.0.0/30', auxiliaryAddresses: { a: '10.88.0.1', b: '10.88.0.2' } })
    ).rejects.toMatchObject({ code: 'ERR_POOL_EXHAUSTED' })
  })
})

describe('default pools', () => {
  it.each([
    [[{ base: '10.0.0.0', size: 24 }], 'defaultPools[0].base'],
    [[{ base: '10.0.0.0/16', size: 15 }], 'defaultPools[0].size'],
    [[{ base: '10.0.0.0/16', size: 33 }], 'defaultPools[0].size'],
    [[{ base: '10.0.0.0/16', size: 24 }, 7], 'defaultPools[1]'],
    [[{ base: '10.0.0.0/16', size: 24, length: 3 }], 'defaultPools[0].length'],
    [7, 'defaultPools']
  ])('%j are refused at %s', (pools, field) => {
    expect(() => new DefaultAddressManager({ pools: pools as never })).toThrow(
      expect.objectContaining({ field }) as Error
    )
  })
})
