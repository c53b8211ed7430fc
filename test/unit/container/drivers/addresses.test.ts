import { describe, expect, it } from 'vitest'
import { macAddressOf } from '../../../../src/container/drivers/mac-address.js'
import { poolOf, withLength } from '../../../../src/container/drivers/pool-of.js'
import type { Pool } from '../../../../src/container/model/network.js'

const pools: readonly Pool[] = [
  { family: 'inet', subnet: '10.88.0.0/20' },
  { family: 'inet', subnet: '10.88.16.0/24' },
  { family: 'inet6', subnet: 'fd00:88::/61' },
  { family: 'inet', subnet: '192.0.2.7/32' }
]

describe('the pool of an address', () => {
  it.each([
    ['10.88.0.0', '10.88.0.0/20'],
    ['10.88.15.255', '10.88.0.0/20'],
    ['10.88.16.1', '10.88.16.0/24'],
    ['192.0.2.7', '192.0.2.7/32'],
    ['fd00:88:0:7:ffff::', 'fd00:88::/61']
  ])('of %s is %s', (address, subnet) => {
    expect(poolOf(pools, address)?.subnet).toBe(subnet)
    expect(withLength(pools, address)).toBe(`${address}/${subnet.split('/')[1]}`)
  })

  it.each(['10.88.17.0', '192.0.2.6', 'fd00:88:0:8::', '::10.88.0.1'])('of %s is none', (address) => {
    expect(poolOf(pools, address)).toBeUndefined()
    expect(withLength(pools, address)).toBe(address)
  })
})

describe('the MAC address of an id', () => {
  it('is unicast, locally administered, and always the same', () => {
    expect(macAddressOf(`ffffff0000ab${'0'.repeat(52)}`)).toBe('fe:ff:ff:00:00:ab')
    expect(macAddressOf('0'.repeat(64))).toBe('02:00:00:00:00:00')
  })
})
