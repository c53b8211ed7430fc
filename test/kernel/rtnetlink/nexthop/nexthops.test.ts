import { describe, expect, it } from 'vitest'
import type { NextHopSpec } from '../../../../src/index.js'
import { needsProgram } from '../../../setup/requirements.js'
import { wired } from '../route/wired.js'

describe('next-hop objects', () => {
  needsProgram('ip')

  it('gives what the kernel made, with the id that it chose', async () => {
    await using host = await wired()
    const { nexthops } = host.stack
    const link = await host.indexOf('v0')
    const made = await nexthops.add({ gateway: '10.0.0.2', link: 'v0' })
    expect(made).toEqual({
      id: made.id,
      family: 'inet',
      gateway: '10.0.0.2',
      link,
      scope: 'link',
      protocol: 'unspec',
      flags: []
    })
    expect(made.id).toBeGreaterThan(0)
    expect(await nexthops.get(made.id)).toEqual(made)
    expect(await nexthops.list()).toEqual([made])
    expect(await host.ns.json('ip', '-j', 'nexthop')).toMatchObject([
      { id: made.id, gateway: '10.0.0.2', dev: 'v0' }
    ])
  })

  const cases: readonly { name: string; spec: NextHopSpec; words: string; reads?: object }[] = [
    {
      name: 'a gateway, IPv6',
      spec: { id: 7, gateway: 'fd00::2', link: 'v0', protocol: 'bgp' },
      words: 'id 7 via fd00::2 dev v0 proto bgp',
      reads: { id: 7, family: 'inet6', gateway: 'fd00::2', protocol: 'bgp' }
    },
    {
      name: 'a link alone',
      spec: { id: 7, link: 'v1' },
      words: 'id 7 dev v1',
      reads: { id: 7, family: 'inet' }
    },
    {
      name: 'onlink',
      spec: { id: 7, gateway: '192.0.2.1', link: 'v0', flags: ['onlink'] },
      words: 'id 7 via 192.0.2.1 dev v0 onlink',
      reads: { flags: ['onlink'] }
    },
    {
      name: 'a blackhole',
      spec: { id: 7, blackhole: true },
      words: 'id 7 blackhole',
      reads: { blackhole: true }
    },
    {
      name: 'a blackhole, IPv6',
      spec: { id: 7, family: 'inet6', blackhole: true },
      words: 'id 7 blackhole -6',
      reads: { blackhole: true, family: 'inet6' }
    },
    {
      name: 'one for the fdb',
      spec: { id: 7, gateway: '10.0.0.9', fdb: true },
      words: 'id 7 via 10.0.0.9 fdb',
      reads: { fdb: true, gateway: '10.0.0.9' }
    },
    {
      name: 'an encapsulation',
      spec: {
        id: 7,
        gateway: '10.0.0.2',
        link: 'v0',
        encap: { type: 'ip', id: 5, destination: '10.0.0.8' }
      },
      words: 'id 7 encap ip id 5 dst 10.0.0.8 via 10.0.0.2 dev v0',
      reads: { encap: { type: 'ip', id: 5, destination: '10.0.0.8' } }
    }
  ]

  for (const { name, spec, words, reads } of cases) {
    it(`writes and reads ${name}`, async () => {
      await using host = await wired()
      const { nexthops } = host.stack
      const made = await nexthops.add(spec)
      expect(made).toMatchObject(reads ?? {})
      const ours = await host.ns.run('ip', '-j', '-d', 'nexthop', 'show', 'id', '7')
      await nexthops.delete(made)
      const six = words.endsWith(' -6')
      await host.ns.run(
        'ip',
        ...(six ? ['-6'] : []),
        'nexthop',
        'add',
        ...words.replace(' -6', '').split(' ')
      )
      expect(await nexthops.list()).toEqual([made])
      expect(await host.ns.run('ip', '-j', '-d', 'nexthop', 'show', 'id', '7')).toBe(ours)
    })
  }

  it('writes and reads weighted groups', async () => {
    await using host = await wired()
    const { nexthops } = host.stack
    await nexthops.add({ id: 1, gateway: '10.0.0.2', link: 'v0' })
    await nexthops.add({ id: 2, gateway: '10.0.0.3', link: 'v0' })
    const made = await nexthops.add({ id: 10, group: [{ id: 1, weight: 256 }, { id: 2 }] })
    expect(made).toMatchObject({
      id: 10,
      group: [
        { id: 1, weight: 256 },
        { id: 2, weight: 1 }
      ],
      groupType: 'mpath'
    })
    expect(made.family).toBeUndefined()
    const ours = await host.ns.run('ip', '-j', '-d', 'nexthop', 'show', 'id', '10')
    await nexthops.delete(10)
    await host.ns.run('ip', 'nexthop', 'add', 'id', '10', 'group', '1,256/2')
    expect(await nexthops.get(10)).toEqual(made)
    expect(await host.ns.run('ip', '-j', '-d', 'nexthop', 'show', 'id', '10')).toBe(ours)
    expect(await nexthops.list({ groups: true })).toEqual([made])
  })

  it('writes and reads a resilient group', async () => {
    await using host = await wired()
    const { nexthops } = host.stack
    await nexthops.add({ id: 1, gateway: '10.0.0.2', link: 'v0' })
    const made = await nexthops.add({
      id: 10,
      group: [{ id: 1 }],
      groupType: 'resilient',
      resilient: { buckets: 32, idleTimer: 60, unbalancedTimer: 300 }
    })
    expect(made).toMatchObject({
      groupType: 'resilient',
      resilient: { buckets: 32, idleTimer: 60, unbalancedTimer: 300 }
    })
    expect(await host.ns.json('ip', '-j', '-d', 'nexthop', 'show', 'id', '10')).toMatchObject([
      { type: 'resilient', resilient_args: { buckets: 32, idle_timer: 60, unbalanced_timer: 300 } }
    ])
  })

  it('replaces, and routes follow', async () => {
    await using host = await wired()
    const { nexthops, routes } = host.stack
    await nexthops.add({ id: 1, gateway: '10.0.0.2', link: 'v0' })
    await routes.add({ destination: '10.1.0.0/16', nextHopId: 1 })
    const changed = await nexthops.replace({ id: 1, gateway: '10.0.0.3', link: 'v0' })
    expect(changed).toMatchObject({ id: 1, gateway: '10.0.0.3' })
    expect(await routes.list({ destination: '10.1.0.0/16' })).toMatchObject([{ gateway: '10.0.0.3' }])
    await nexthops.delete(1)
    expect(await routes.list({ destination: '10.1.0.0/16' })).toEqual([])
  })

  it('filters in the kernel', async () => {
    await using host = await wired()
    const { nexthops } = host.stack
    await nexthops.add({ id: 1, gateway: '10.0.0.2', link: 'v0', protocol: 'static' })
    await nexthops.add({ id: 2, gateway: 'fd00::2', link: 'v0' })
    await nexthops.add({ id: 3, link: 'v1' })
    await nexthops.add({ id: 4, gateway: '10.0.0.9', fdb: true })
    await nexthops.add({ id: 5, group: [{ id: 1 }] })
    const ids = async (filter: Parameters<typeof nexthops.list>[0]) =>
      (await nexthops.list(filter)).map(({ id }) => id)
    expect(await ids({})).toEqual([1, 2, 3, 4, 5])
    expect(await ids({ family: 'inet6' })).toEqual([2])
    expect(await ids({ link: 'v1' })).toEqual([3])
    expect(await ids({ groups: true })).toEqual([5])
    expect(await ids({ fdb: true })).toEqual([4])
    expect(await ids({ protocol: 'static' })).toEqual([1])
    const streamed: number[] = []
    for await (const { id } of nexthops.iterate({ family: 'inet' })) streamed.push(id)
    expect(streamed).toEqual([1, 3, 4])
    expect(await nexthops.flush({ family: 'inet6' })).toBe(1)
    expect(await ids({})).toEqual([1, 3, 4, 5])
    await nexthops.flush({})
    expect(await ids({})).toEqual([])
  })

  it('tells what the kernel says', async () => {
    await using host = await wired()
    const { nexthops } = host.stack
    await nexthops.add({ id: 1, gateway: '10.0.0.2', link: 'v0' })
    await expect(nexthops.add({ id: 1, gateway: '10.0.0.2', link: 'v0' })).rejects.toMatchObject({
      code: 'EEXIST',
      syscall: 'RTM_NEWNEXTHOP'
    })
    await expect(nexthops.add({ id: 2, gateway: '10.0.0.2', link: 'nowhere' })).rejects.toMatchObject({
      code: 'ENODEV'
    })
    await expect(nexthops.add({ id: 2, group: [{ id: 99 }] })).rejects.toMatchObject({ code: 'EINVAL' })
    await expect(nexthops.get(99)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(nexthops.delete(99)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('runs in batches', async () => {
    await using host = await wired()
    const batch = host.stack.batch()
    batch.nexthops.add({ id: 1, gateway: '10.0.0.2', link: 'v0' })
    batch.nexthops.add({ id: 2, gateway: '10.0.0.3', link: 'v0' })
    batch.nexthops.add({ id: 3, group: [{ id: 1 }, { id: 2 }] })
    batch.routes.add({ destination: '10.1.0.0/16', nextHopId: 3 })
    batch.nexthops.delete(99)
    const outcomes = await batch.commit()
    expect(outcomes.map(({ status }) => status)).toEqual([
      'applied',
      'applied',
      'applied',
      'applied',
      'failed'
    ])
    expect(outcomes[0]).toMatchObject({ value: { id: 1, gateway: '10.0.0.2' } })
    expect(await host.stack.routes.list({ nextHopId: 3 })).toHaveLength(1)
  })

  it('refuses what can not be right, and sends nothing', async () => {
    await using host = await wired()
    const { nexthops } = host.stack
    const refused: readonly (readonly [object, string, string])[] = [
      [{ gateway: '10.0.0.2' }, 'link', 'ERR_MISSING_FIELD'],
      [{ gateway: '10.0.0.300', link: 'v0' }, 'gateway', 'ERR_INVALID_ARG_VALUE'],
      [{ gateway: '10.0.0.2', family: 'inet6', link: 'v0' }, 'gateway', 'ERR_INVALID_ARG_VALUE'],
      [{ family: 'mpls', link: 'v0' }, 'family', 'ERR_INVALID_ARG_VALUE'],
      [{ id: 0, link: 'v0' }, 'id', 'ERR_OUT_OF_RANGE'],
      [{ id: 2 ** 32, link: 'v0' }, 'id', 'ERR_OUT_OF_RANGE'],
      [{ id: '1', link: 'v0' }, 'id', 'ERR_INVALID_ARG_TYPE'],
      [{ group: [{ id: 1, weight: 0 }] }, 'group[0].weight', 'ERR_OUT_OF_RANGE'],
      [{ group: [{ id: 1, weight: 65536 }] }, 'group[0].weight', 'ERR_OUT_OF_RANGE'],
      [{ group: [{ id: 1, wieght: 2 }] }, 'group[0].wieght', 'ERR_UNKNOWN_FIELD'],
      [{ group: [{ id: 1 }], gateway: '10.0.0.2' }, 'gateway', 'ERR_INVALID_ARG_VALUE'],
      [{ group: [{ id: 1 }], resilient: { buckets: 1 } }, 'resilient', 'ERR_INVALID_ARG_VALUE'],
      [{ link: 'v0', groupType: 'resilient' }, 'group', 'ERR_INVALID_ARG_VALUE'],
      [{ link: 'v0', color: 'red' }, 'color', 'ERR_UNKNOWN_FIELD'],
      [{ link: 'v0', groups: true }, 'groups', 'ERR_UNKNOWN_FIELD'],
      [{ link: 'a/b' }, 'link', 'ERR_INVALID_ARG_VALUE']
    ]
    for (const [spec, field, code] of refused) {
      await expect(nexthops.add(spec as NextHopSpec), JSON.stringify(spec)).rejects.toMatchObject({
        field,
        code
      })
    }
    await expect(nexthops.replace({ link: 'v0' } as never)).rejects.toMatchObject({
      code: 'ERR_MISSING_FIELD'
    })
    await expect(nexthops.list({ color: 1 } as never)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_FIELD' })
    expect(await nexthops.list()).toEqual([])
  })
})
