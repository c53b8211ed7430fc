import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { networkOptions } from '../../../src/cli/commands/network/create.js'
import { sandboxOptions } from '../../../src/cli/commands/sandbox/create.js'
import { endpointOptions } from '../../../src/cli/options/endpoint.js'
import { keyMaybeValue, keyValue } from '../../../src/cli/options/key-value.js'
import { namespaceReference } from '../../../src/cli/options/namespace.js'
import { poolsOf } from '../../../src/cli/options/pools.js'
import { route } from '../../../src/cli/options/route.js'

describe('pools', () => {
  it('are made of what lies in each subnet, in any order', () => {
    expect(
      poolsOf({
        subnet: ['10.1.0.0/16', 'fd00:1::/64', '10.2.0.0/16'],
        gateway: ['fd00:1::1', '10.2.0.254'],
        ipRange: ['10.2.8.0/24'],
        auxAddress: ['printer=10.1.0.9', 'router=10.2.0.9', 'nas=10.1.0.10']
      })
    ).toEqual([
      { subnet: '10.1.0.0/16', auxiliaryAddresses: { printer: '10.1.0.9', nas: '10.1.0.10' } },
      { subnet: 'fd00:1::/64', gateway: 'fd00:1::1' },
      {
        subnet: '10.2.0.0/16',
        gateway: '10.2.0.254',
        range: '10.2.8.0/24',
        auxiliaryAddresses: { router: '10.2.0.9' }
      }
    ])
  })

  it('are left to the library where no subnet is named', () => {
    expect(poolsOf({})).toBeUndefined()
  })

  it.each([
    [{ subnet: ['10.1.0.0/16'], gateway: ['10.2.0.1'] }, '--gateway 10.2.0.1 lies in no --subnet'],
    [{ subnet: ['10.1.0.0/16'], ipRange: ['fd00::/64'] }, '--ip-range fd00::/64 lies in no --subnet'],
    [{ subnet: ['10.1.0.0/16'], gateway: ['10.1.0.1', '10.1.0.2'] }, 'two gateways'],
    [{ subnet: ['10.1.0.0/16'], ipRange: ['10.1.1.0/24', '10.1.2.0/24'] }, 'two ranges'],
    [{ subnet: ['10.1.0.0/16'], auxAddress: ['10.1.0.5'] }, 'must be NAME=ADDRESS'],
    [{ subnet: ['10.1.0.0/16'], auxAddress: ['a=10.1.0.5', 'a=10.1.0.6'] }, 'two addresses named a'],
    [{ subnet: ['10.1.0.0/99'], gateway: ['10.1.0.1'] }, 'lies in no --subnet'],
    [{ subnet: ['nonsense'], gateway: ['10.1.0.1'] }, 'lies in no --subnet']
  ])('%j is refused', (words, message) => {
    expect(() => poolsOf(words)).toThrow(message)
  })
})

describe('what the library is given', () => {
  const command = new Command('create')

  it('says nothing of what was not said', () => {
    const given = (options: object) => Object.keys(JSON.parse(JSON.stringify(options)) as object)
    expect(given(networkOptions('web', { ipv4: true, defaultRoute: true }, command))).toEqual(['name'])
    expect(given(sandboxOptions(undefined, {}, command))).toEqual([])
    expect(given(endpointOptions({}))).toEqual([])
  })

  it('is the network that was asked for', () => {
    const words = {
      driver: 'macvlan',
      internal: true,
      ipv4: false,
      ipv6: true,
      opt: { parent: 'eth0.50' },
      label: { team: 'a' },
      ipamDriver: 'default',
      defaultRoute: false,
      route: route('10.9.0.0/16,10.8.0.1'),
      subnet: ['fd00::/64']
    }
    expect(networkOptions('lan', words, command)).toEqual({
      name: 'lan',
      driver: 'macvlan',
      internal: true,
      ipv4: false,
      ipv6: true,
      options: { parent: 'eth0.50' },
      labels: { team: 'a' },
      addressManager: 'default',
      defaultRoute: false,
      routes: [{ destination: '10.9.0.0/16', gateway: '10.8.0.1' }],
      pools: [{ subnet: 'fd00::/64' }]
    })
  })

  it('is the sandbox that was asked for', () => {
    expect(
      sandboxOptions('web', { name: 'web', dns: ['9.9.9.9'], addHost: ['db:10.0.0.1'] }, command)
    ).toMatchObject({
      name: 'web',
      dns: { servers: ['9.9.9.9'] },
      extraHosts: ['db:10.0.0.1']
    })
    expect(sandboxOptions('web', { network: ['host'] }, command)).toMatchObject({ hostNamespace: true })
    expect(() => sandboxOptions('web', { name: 'other' }, command)).toThrow('two names')
    expect(() => sandboxOptions('web', { gwPriority: 0 }, command)).toThrow('need --network')
  })
})

describe('values', () => {
  it('of keys may hold anything', () => {
    expect(keyValue('a=b=c', { x: 'y' })).toEqual({ x: 'y', a: 'b=c' })
    expect(keyValue('a=')).toEqual({ a: '' })
    expect(keyMaybeValue('a')).toEqual({ a: '' })
    for (const text of ['a', '=b', '']) expect(() => keyValue(text)).toThrow('KEY=VALUE')
    expect(() => keyValue('a=2', { a: '1' })).toThrow('There is a a already.')
  })

  it('are routes', () => {
    expect(route('fd01::/64,fd00::2,50', [{ destination: '10.9.0.0/16' }])).toEqual([
      { destination: '10.9.0.0/16' },
      { destination: 'fd01::/64', gateway: 'fd00::2', priority: 50 }
    ])
    expect(route('10.9.0.0/16,,7')).toEqual([{ destination: '10.9.0.0/16', priority: 7 }])
    for (const text of ['', ',10.0.0.1', 'a,b,c', 'a,b,1,2']) expect(() => route(text)).toThrow('DESTINATION')
  })

  it('name namespaces', () => {
    expect(namespaceReference('con1')).toBe('con1')
    expect(namespaceReference('/run/netns/con1')).toEqual({ path: '/run/netns/con1' })
    expect(namespaceReference('pid:12')).toEqual({ pid: 12 })
    for (const text of ['', 'pid:', 'pid:0', 'pid:x']) expect(() => namespaceReference(text)).toThrow()
  })
})
