import { describe, expectTypeOf, it } from 'vitest'
import type { Link, LinkChange, Links, LinkSpec } from '../../../../src/index.js'

describe('the types of links', () => {
  it('narrow by kind', () => {
    const kind = (link: Link) => {
      if (link.kind === 'vxlan') {
        expectTypeOf(link.vxlan.id).toEqualTypeOf<number>()
        expectTypeOf(link.vxlan.remote).toEqualTypeOf<string | undefined>()
        // @ts-expect-error: a vxlan is no bridge
        return link.bridge as unknown
      }
      if (link.kind === 'unknown') expectTypeOf(link.kindName).toEqualTypeOf<string>()
      if (link.kind === undefined) {
        // @ts-expect-error: hardware has no settings of a kind
        return link.vlan as unknown
      }
      if (link.kind === 'bridge') expectTypeOf(link.bridge.forwardDelay).toEqualTypeOf<number | undefined>()
      return link.bridgePort?.cost
    }
    expectTypeOf(kind).parameter(0).toEqualTypeOf<Link>()
    expectTypeOf<Link['up']>().toEqualTypeOf<boolean>()
    expectTypeOf<Link['mtu']>().toEqualTypeOf<number>()
    expectTypeOf<Link['master']>().toEqualTypeOf<number | undefined>()
  })

  it('give counters as they were asked for', () => {
    const read = async (links: Links) => {
      expectTypeOf((await links.get('lo')).statistics!.receiveBytes).toEqualTypeOf<number>()
      expectTypeOf((await links.get('lo', { bigint: true })).statistics!.receiveBytes).toEqualTypeOf<bigint>()
      expectTypeOf((await links.list({}, { bigint: true }))[0]!).toEqualTypeOf<Link<bigint>>()
      for await (const link of links.iterate()) expectTypeOf(link).toEqualTypeOf<Link>()
    }
    expectTypeOf(read).returns.resolves.toBeVoid()
  })

  it('take what can be right', () => {
    expectTypeOf({
      kind: 'veth',
      peer: { name: 'b', mtu: 1400, namespace: { pid: 1 } }
    } as const).toExtend<LinkSpec>()
    expectTypeOf({ kind: 'vlan', link: 'a', vlan: { id: 5 } } as const).toExtend<LinkSpec>()
    expectTypeOf({ kind: 'unknown', kindName: 'gre' } as const).toExtend<LinkSpec>()
    expectTypeOf({ master: null, alias: null, bridgePort: { backupPort: null } }).toExtend<LinkChange>()
    expectTypeOf({ bridge: { priority: 1 } }).toExtend<LinkChange>()
  })

  it('refuse what can not be right', () => {
    const specs: LinkSpec[] = [
      // @ts-expect-error: a vlan needs the link that it sits on
      { kind: 'vlan', vlan: { id: 5 } },
      // @ts-expect-error: a vlan needs an id
      { kind: 'vlan', link: 'a', vlan: {} },
      // @ts-expect-error: a vxlan needs its settings
      { kind: 'vxlan', name: 'a' },
      // @ts-expect-error: settings of another kind
      { kind: 'vlan', link: 'a', vlan: { id: 5 }, vxlan: { id: 5 } },
      // @ts-expect-error: only pairs have peers
      { kind: 'dummy', peer: { name: 'b' } },
      // @ts-expect-error: statistics are only read
      { kind: 'dummy', statistics: {} },
      // @ts-expect-error: no such mode
      { kind: 'macvlan', link: 'a', macvlan: { mode: 'hub' } },
      // @ts-expect-error: no such kind
      { kind: 'vlna' }
    ]
    const changes: LinkChange[] = [
      // @ts-expect-error: fixed when the link is made
      { index: 5 },
      // @ts-expect-error: fixed when the link is made
      { vlan: { id: 5 } },
      // @ts-expect-error: a link is of one kind
      { vlan: { gvrp: true }, bridge: { priority: 1 } },
      // @ts-expect-error: a mtu can't be cleared
      { mtu: null }
    ]
    expectTypeOf(specs).toEqualTypeOf<LinkSpec[]>()
    expectTypeOf(changes).toEqualTypeOf<LinkChange[]>()
  })
})
