import { describe, expect, it } from 'vitest'
import type { AddressSpec } from '../../../../src/index.js'
import type { JsonObject, TestNamespace } from '../../../setup/namespace.js'
import { kernel, needsProgram, skipUnless } from '../../../setup/requirements.js'
import { vethPair } from '../veth-pair.js'

/** The addresses of a link as ip prints them. */
async function printed(ns: TestNamespace, link: string): Promise<JsonObject[]> {
  const [found] = await ns.ip('addr', 'show', 'dev', link)
  return (found?.['addr_info'] ?? []) as JsonObject[]
}

describe('addresses', () => {
  needsProgram('ip')

  it('adds one to lo, with the scope and the label that ip would give it', async () => {
    await using host = await vethPair()
    const { addresses } = host.stack
    await addresses.add('lo', '127.0.0.2/32')
    const [found] = (await addresses.list({ link: 'lo' })).filter(({ address }) => address === '127.0.0.2/32')
    expect(found).toMatchObject({ label: 'lo', scope: 'host', flags: ['permanent'], validLifetime: Infinity })
    expect(await printed(host.ns, 'lo')).toContainEqual(
      expect.objectContaining({ local: '127.0.0.2', prefixlen: 32, scope: 'host', label: 'lo' })
    )
  })

  it('reads a peer and a protocol back', async (context) => {
    await using host = await vethPair()
    const { addresses } = host.stack
    await addresses.add('lo', { address: '127.0.0.2', peer: '127.0.0.3/24' })
    expect(await addresses.list({ link: 'lo', family: 'inet' })).toContainEqual(
      expect.objectContaining({ address: '127.0.0.2/32', peer: '127.0.0.3/24' })
    )
    expect(await printed(host.ns, 'lo')).toContainEqual(
      expect.objectContaining({ local: '127.0.0.2', address: '127.0.0.3', prefixlen: 24 })
    )
    await skipUnless(context, kernel(5, 18))
    await addresses.add('v0', { address: '10.0.0.1/24', protocol: 99 })
    await addresses.add('v0', { address: 'fd00::1/64', protocol: 99 })
    expect((await addresses.list({ link: 'v0', protocol: 99 })).map(({ address }) => address)).toEqual([
      '10.0.0.1/24',
      'fd00::1/64'
    ])
  })

  it('refuses one that is there, and replaces it', async () => {
    await using host = await vethPair()
    const { addresses } = host.stack
    await addresses.add('v0', '10.0.0.1/24')
    await expect(addresses.add('v0', '10.0.0.1/24')).rejects.toMatchObject({
      code: 'EEXIST',
      syscall: 'RTM_NEWADDR',
      request: { method: 'addresses.add' }
    })
    await addresses.replace('v0', { address: '10.0.0.1/24', validLifetime: 500, preferredLifetime: 400 })
    const found = await addresses.list({ link: 'v0' })
    expect(found).toHaveLength(1)
    expect(found[0]?.validLifetime).toBeLessThanOrEqual(500)
    expect(found[0]?.flags).toEqual([])
  })

  const specs: readonly (readonly [AddressSpec, JsonObject])[] = [
    [
      { address: '10.0.0.1/24', broadcast: 'auto' },
      { local: '10.0.0.1', broadcast: '10.0.0.255' }
    ],
    [{ address: '10.0.0.1/24', broadcast: '10.0.0.9' }, { broadcast: '10.0.0.9' }],
    [
      { address: '10.0.0.1/20', label: 'v0:web' },
      { label: 'v0:web', prefixlen: 20 }
    ],
    [{ address: '10.0.0.1/24', scope: 'link' }, { scope: 'link' }],
    [{ address: '10.0.0.1/24', flags: ['noprefixroute'] }, { noprefixroute: true }],
    [{ address: '224.1.2.3/24', flags: ['autojoin'] }, { autojoin: true }],
    [{ address: '10.0.0.1/24', priority: 77 }, { metric: 77 }],
    [
      { address: 'fd00::1/64', flags: ['nodad'] },
      { local: 'fd00::1', prefixlen: 64, nodad: true }
    ],
    [
      { address: 'fd00::1/64', flags: ['nodad', 'home'], priority: 5 },
      { home: true, metric: 5 }
    ],
    [{ address: 'fd00::1/64', flags: ['nodad', 'mngtmpaddr', 'noprefixroute'] }, { mngtmpaddr: true }],
    [
      { address: 'fd00::1', peer: 'fd00::2/64', flags: ['nodad'] },
      { local: 'fd00::1', address: 'fd00::2' }
    ]
  ]

  it.each(specs)('writes %j as ip reads it, and reads it back', async (spec, expected) => {
    await using host = await vethPair()
    const { addresses } = host.stack
    await addresses.add('v0', spec)
    expect(await printed(host.ns, 'v0')).toEqual([expect.objectContaining(expected)])
    const [found] = await addresses.list({ link: 'v0' })
    const { broadcast, flags = [], address, ...rest } = spec
    expect(found).toMatchObject(rest)
    expect(found?.flags).toEqual(expect.arrayContaining([...flags]))
    expect(found?.address.split('/')[0]).toBe(address.split('/')[0])
    if (broadcast !== undefined) expect(found?.broadcast).toBe(expected['broadcast'])
    await addresses.delete('v0', found!)
    expect(await addresses.list({ link: 'v0' })).toEqual([])
  })

  it('reads lifetimes, and what ip writes', async () => {
    await using host = await vethPair(
      'ip addr add 10.0.0.1/24 brd + dev v0 label v0:x valid_lft 3000 preferred_lft 2000',
      'ip addr add 10.0.0.2/24 dev v0',
      'ip addr add fd00::1/64 dev v0 nodad preferred_lft 0'
    )
    const found = await host.stack.addresses.list({ link: 'v0' })
    expect(found).toHaveLength(3)
    expect(found[0]).toMatchObject({ broadcast: '10.0.0.255', label: 'v0:x', flags: [] })
    expect(found[0]?.validLifetime).toBeGreaterThan(2900)
    expect(found[0]?.preferredLifetime).toBeLessThanOrEqual(2000)
    expect(found[1]).toMatchObject({ address: '10.0.0.2/24', flags: ['secondary', 'permanent'] })
    expect(found[2]).toMatchObject({ preferredLifetime: 0, flags: ['nodad', 'deprecated', 'permanent'] })
  })

  it('lists by link, family, scope, label and flags, and one by one', async () => {
    await using host = await vethPair()
    const { addresses } = host.stack
    await addresses.add('v0', { address: '10.0.0.1/24', label: 'v0:1' })
    await addresses.add('v1', { address: '10.0.1.1/24', scope: 'link' })
    await addresses.add('v1', { address: 'fd00::1/64', flags: ['nodad'] })
    const of = async (filter: Parameters<typeof addresses.list>[0]) =>
      (await addresses.list(filter)).map(({ address }) => address)
    expect(await of({ link: 'v1' })).toEqual(['10.0.1.1/24', 'fd00::1/64'])
    expect(await of({ link: await host.indexOf('v1'), family: 'inet6' })).toEqual(['fd00::1/64'])
    expect(await of({ scope: 'link' })).toEqual(['10.0.1.1/24'])
    expect(await of({ scope: 253 })).toEqual(['10.0.1.1/24'])
    expect(await of({ label: 'v0:1' })).toEqual(['10.0.0.1/24'])
    expect(await of({ flags: ['nodad', 'permanent'], scope: 'global' })).toEqual(['fd00::1/64'])
    const streamed: string[] = []
    for await (const { address } of addresses.iterate({ link: 'v1' })) streamed.push(address)
    expect(streamed).toEqual(['10.0.1.1/24', 'fd00::1/64'])
    await expect(addresses.list({ link: 'nope' })).rejects.toMatchObject({ code: 'ENODEV' })
  })

  it('flushes four of one link, and leaves the others', async () => {
    await using host = await vethPair('ip addr add 10.9.0.1/24 dev v1')
    const { addresses } = host.stack
    const four = ['10.0.0.1/24', '10.0.0.2/24', '10.1.0.1/24', '10.2.0.1/24']
    const specs = four.map((address) => ({ link: 'v0', address }))
    expect(await addresses.addMany(specs)).toEqual({ applied: 4, unchanged: 0, failures: [] })
    expect(await addresses.addMany(specs, { ifExists: 'skip' })).toMatchObject({ applied: 0, unchanged: 4 })
    expect(await addresses.addMany(specs, { ifExists: 'replace' })).toMatchObject({ applied: 4 })
    await addresses.flush({ link: 'v0' })
    expect(await printed(host.ns, 'v0')).toEqual([])
    expect(await printed(host.ns, 'v1')).toHaveLength(1)
    expect(await addresses.flush({ family: 'inet', scope: 'global' })).toBe(1)
    await expect(addresses.flush({})).rejects.toMatchObject({ code: 'ERR_MISSING_FIELD' })
  })

  it('goes into a batch, each with its own outcome', async () => {
    await using host = await vethPair()
    const batch = host.stack.batch()
    batch.addresses.add('v0', '10.0.0.1/24')
    batch.addresses.add('v0', '10.0.0.1/24')
    batch.addresses.delete('v0', '10.0.0.9/24')
    batch.addresses.replace('v0', '10.0.0.2/24')
    expect(() => batch.addresses.add('v0', '10.0.0.300/24')).toThrow(TypeError)
    expect(await batch.commit()).toMatchObject([
      { status: 'applied' },
      { status: 'failed', error: { code: 'EEXIST' } },
      { status: 'failed', error: { code: 'EADDRNOTAVAIL' } },
      { status: 'applied' }
    ])
    expect(await printed(host.ns, 'v0')).toHaveLength(2)
  })

  it('sends nothing that is refused', async () => {
    await using host = await vethPair()
    const { addresses } = host.stack
    const bad = { address: '10.0.0.1/24', lable: 'v0' } as AddressSpec
    await expect(addresses.add('v0', bad)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_FIELD',
      field: 'lable'
    })
    const many = [
      { link: 'v0', address: '10.0.0.1/33' },
      '10.0.0.1/24' as never,
      { link: '', address: '::1' }
    ]
    const { applied, failures } = await addresses.addMany(many)
    expect(applied).toBe(0)
    expect(failures.map(({ error }) => error.name)).toEqual(['RangeError', 'TypeError', 'TypeError'])
    await expect(addresses.add('nope', '10.0.0.1/24')).rejects.toMatchObject({ code: 'ENODEV' })
    expect(await printed(host.ns, 'v0')).toEqual([])
  })
})
