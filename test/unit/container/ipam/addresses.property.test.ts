import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DefaultAddressManager } from '../../../../src/container/ipam/index.js'
import type { Pool } from '../../../../src/container/model/network.js'
import { MemoryStore } from '../../../../src/container/state/index.js'

const manager = new DefaultAddressManager()
const subnets = [
  { subnet: '10.0.0.0/26', size: 62 },
  { subnet: '10.0.0.0/29', size: 6 },
  { subnet: '10.0.0.0/31', size: 2 },
  { subnet: 'fd00::/123', size: 31 },
  { subnet: 'fd00::/122', size: 63 }
]
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('take' as const), owner: fc.nat(99) }) },
  {
    weight: 1,
    arbitrary: fc.record({ verb: fc.constant('request' as const), owner: fc.nat(99), host: fc.nat(70) })
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('release' as const), owner: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('fail' as const), owner: fc.nat(99) }) }
)

it('never gives an address to two owners, leaks none, and ends exactly when all are taken', async () => {
  const scenario = fc.record({
    which: fc.constantFrom(...subnets),
    gateway: fc.boolean(),
    steps: fc.array(step, { maxLength: 200 })
  })
  await fc.assert(
    fc.asyncProperty(scenario, async ({ which, gateway, steps }) => {
      const store = new MemoryStore()
      const inet6 = which.subnet.includes(':')
      const base = which.subnet.split('/')[0]!
      const host = (n: number) =>
        inet6 ? `fd00::${n === 0 ? '' : n.toString(16)}` : base.replace(/0$/, `${n}`)
      const first = which.size === 2 ? 0 : 1
      const pool: Pool = {
        family: inet6 ? 'inet6' : 'inet',
        subnet: which.subnet,
        ...(gateway ? { gateway: host(first) } : {})
      }
      const room = which.size - (gateway ? 1 : 0)
      const owners = new Map<string, string>()
      const has = (address: string) => [...owners.values()].includes(address)
      for (const { verb, owner: number, ...rest } of steps) {
        const owner = `owner-${number}`
        const held = owners.get(owner)
        if (verb === 'release') {
          if (held !== undefined) await store.write((tx) => manager.releaseAddress(tx, 'n', held))
          owners.delete(owner)
        } else if (verb === 'fail') {
          const work = store.write((tx) => {
            manager.takeAddress(tx, 'n', [pool], owner)
            throw new Error('undone')
          })
          await expect(work).rejects.toThrow()
        } else {
          const requested = 'host' in rest ? host(rest.host) : undefined
          const taken = await store
            .write((tx) => manager.takeAddress(tx, 'n', [pool], owner, requested))
            .catch((error: unknown) => error as { code: string })
          if (typeof taken === 'string') {
            if (held !== undefined) expect(taken).toBe(held)
            else expect(has(taken)).toBe(false)
            if (requested !== undefined) expect(taken).toBe(requested)
            expect(taken).not.toBe(pool.gateway)
            owners.set(owner, taken)
          } else if (requested === undefined) {
            expect(taken.code).toBe('ERR_POOL_EXHAUSTED')
            expect(owners.size).toBe(room)
          } else if (taken.code === 'ERR_ADDRESS_IN_USE') {
            expect(has(requested) || held !== undefined || requested === pool.gateway).toBe(true)
          } else {
            expect(taken.code).toBe('ERR_OUT_OF_RANGE')
          }
        }
        const listed = store.read((tx) => manager.listAddresses(tx, 'n'))
        expect(new Map([...owners].map(([owner, address]) => [address, owner]))).toEqual(listed)
      }
      // All that is free can be had, and no more.
      for (let i = owners.size; i < room; i++) {
        await store.write((tx) => manager.takeAddress(tx, 'n', [pool], `rest-${i}`))
      }
      await expect(
        store.write((tx) => manager.takeAddress(tx, 'n', [pool], 'one-more'))
      ).rejects.toMatchObject({
        code: 'ERR_POOL_EXHAUSTED'
      })
      await store.write((tx) => {
        for (const address of manager.listAddresses(tx, 'n').keys()) manager.releaseAddress(tx, 'n', address)
      })
      const left = store.read((tx) => [...tx.list('')].map(([key]) => key))
      expect(left.every((key) => key.startsWith('address-cursor/'))).toBe(true)
    }),
    { numRuns: 60 }
  )
})
