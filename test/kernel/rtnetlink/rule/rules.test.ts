import { describe, expect, it } from 'vitest'
import type { RuleSpec } from '../../../../src/index.js'
import type { JsonObject } from '../../../setup/namespace.js'
import { kernel, needsProgram, skipUnless } from '../../../setup/requirements.js'
import { userId } from '../../../setup/user-id.js'
import { vethPair } from '../veth-pair.js'

describe('rules', () => {
  needsProgram('ip')

  it('reads a rule back as it was written, and deletes it', async () => {
    await using host = await vethPair()
    const { rules } = host.stack
    const before = await rules.list()
    const spec = {
      invert: true,
      source: '172.16.0.1/16',
      destinationPort: 80,
      sourcePort: { start: 1000, end: 1024 },
      ipProtocol: 'udp',
      uidRange: userId
    } as const
    const added = await rules.add(spec)
    expect(added).toEqual({ family: 'inet', priority: 32765, action: 'lookup', table: 254, ...spec })
    expect(await rules.list({ ipProtocol: 'udp' })).toEqual([added])
    expect(await host.ns.ip('rule', 'show', 'priority', '32765')).toEqual([
      expect.objectContaining({
        not: null,
        src: '172.16.0.1',
        srclen: 16,
        ipproto: 'udp',
        dport: 80,
        sport_start: 1000,
        sport_end: 1024,
        table: 'main'
      })
    ])
    await rules.delete(added)
    expect(await rules.list()).toEqual(before)
  })

  const specs: readonly (readonly [RuleSpec, JsonObject])[] = [
    [
      { destination: '10.0.0.0/8', table: 999 },
      { dst: '10.0.0.0', dstlen: 8, table: '999' }
    ],
    [
      { source: 'fd00::1/64', destination: 'fd01::/64', table: 7 },
      { src: 'fd00::1', srclen: 64, dst: 'fd01::' }
    ],
    [{ tos: 16 }, { tos: '0x10' }],
    [{ mark: 5 }, { fwmark: '0x5' }],
    [
      { mark: 5, markMask: 0xff },
      { fwmark: '0x5', fwmask: '0xff' }
    ],
    [
      { mark: 0, markMask: 0xff },
      { fwmark: '0', fwmask: '0xff' }
    ],
    [
      { inputLink: 'v0', outputLink: 'lo' },
      { iif: 'v0', oif: 'lo' }
    ],
    [
      { ipProtocol: 'sctp', sourcePort: 5 },
      { ipproto: 'sctp', sport: 5 }
    ],
    [
      { ipProtocol: 'tcp', destinationPort: { start: 5, end: 9 } },
      { dport_start: 5, dport_end: 9 }
    ],
    [{ uidRange: userId === 0 ? 0 : { start: 0, end: userId } }, { uid_start: 0, uid_end: userId }],
    [{ tunnelId: 77 }, { tun_id: 77 }],
    [{ l3mdev: true }, { l3mdev: null }],
    [
      { goto: 32766, priority: 5 },
      { goto: 32766, priority: 5 }
    ],
    [{ action: 'nop' }, { nop: null }],
    [{ action: 'blackhole' }, { action: 'blackhole' }],
    [{ action: 'unreachable', family: 'inet6' }, { action: 'unreachable' }],
    [{ action: 'prohibit' }, { action: 'prohibit' }],
    [{ suppressPrefixLength: 0, table: 5 }, { suppress_prefixlen: 0 }],
    [{ suppressInterfaceGroup: 7, table: 5 }, { suppress_ifgroup: '7' }],
    [
      { realms: { from: 5, to: 6 }, protocol: 'static' },
      { flow_from: '5', flow_to: '6', protocol: 'static' }
    ]
  ]

  it.each(specs)('writes %j as ip reads it, and reads it back', async (spec, expected) => {
    await using host = await vethPair()
    const { rules } = host.stack
    const added = await rules.add(spec)
    expect(added).toMatchObject(spec)
    const family = added.family === 'inet' ? '-4' : '-6'
    const printed = await host.ns.json(
      'ip',
      family,
      '-j',
      '-d',
      'rule',
      'show',
      'priority',
      String(added.priority)
    )
    expect(printed).toEqual([expect.objectContaining(expected)])
    expect(await rules.list({ ...spec, family: added.family, priority: added.priority })).toEqual([added])
    await rules.delete(added)
    expect(await rules.list({ priority: added.priority })).toEqual([])
  })

  it('writes the newer selectors', async (context) => {
    await skipUnless(context, kernel(6, 16))
    await using host = await vethPair()
    const { rules } = host.stack
    const spec: RuleSpec = { family: 'inet6', dscp: 10, dscpMask: 0x3e, flowLabel: 5, flowLabelMask: 0xff }
    expect(await rules.add(spec)).toMatchObject(spec)
    const ports: RuleSpec = { ipProtocol: 'tcp', sourcePort: 16, sourcePortMask: 0xff0 }
    expect(await rules.add(ports)).toMatchObject(ports)
  })

  it('reads what ip writes, of both families', async () => {
    await using host = await vethPair(
      'ip rule add from 10.0.0.1/8 iif nope lookup local priority 7',
      'ip rule add goto 900 priority 8',
      'ip -6 rule add to fd00::/64 fwmark 0x1/0xf prohibit priority 9 protocol bird'
    )
    const found = await host.stack.rules.list()
    expect(found.filter(({ protocol }) => protocol !== 'kernel')).toEqual([
      {
        family: 'inet',
        priority: 7,
        action: 'lookup',
        table: 255,
        source: '10.0.0.1/8',
        inputLink: 'nope',
        flags: ['iif_detached']
      },
      { family: 'inet', priority: 8, action: 'goto', goto: 900, flags: ['unresolved'] },
      {
        family: 'inet6',
        priority: 9,
        action: 'prohibit',
        destination: 'fd00::/64',
        mark: 1,
        markMask: 15,
        protocol: 'bird'
      }
    ])
    expect(found.filter(({ protocol }) => protocol === 'kernel').map(({ table }) => table)).toEqual([
      255, 254, 253, 255, 254
    ])
    const streamed: number[] = []
    for await (const rule of host.stack.rules.iterate({ family: 'inet' })) streamed.push(rule.priority)
    expect(streamed).toEqual([0, 7, 8, 32766, 32767])
  })

  it('has its errors: there already, not there', async () => {
    await using host = await vethPair()
    const { rules } = host.stack
    await rules.add({ table: 5, priority: 5 })
    await expect(rules.add({ table: 5, priority: 5 })).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(rules.delete({ table: 6 })).rejects.toMatchObject({ code: 'ENOENT', syscall: 'RTM_DELRULE' })
    await expect(rules.delete({})).rejects.toMatchObject({ code: 'ERR_MISSING_FIELD' })
    expect(await rules.list({ family: 'inet' })).toHaveLength(4)
  })

  it('flushes what matches, but never the kernel’s own unless they are named', async () => {
    await using host = await vethPair()
    const { rules } = host.stack
    const added = await rules.addMany([
      { table: 5 },
      { table: 5, mark: 1 },
      { table: 6 },
      { family: 'inet6', table: 5 }
    ])
    expect(added).toEqual({ applied: 4, unchanged: 0, failures: [] })
    expect(await rules.flush({ table: 5 })).toBe(3)
    expect(await rules.flush({ family: 'inet' })).toBe(1)
    expect(await rules.list()).toHaveLength(5)
    expect(await rules.flush({ protocol: 'kernel', table: 'default' })).toBe(1)
    expect(await host.ns.ip('rule')).toHaveLength(2)
    await expect(rules.flush({})).rejects.toMatchObject({ code: 'ERR_MISSING_FIELD' })
  })

  it('goes into a batch, and each outcome has the rule', async () => {
    await using host = await vethPair()
    const batch = host.stack.batch()
    batch.rules.add({ table: 5, priority: 10 })
    batch.rules.add({ table: 5, priority: 10 })
    batch.rules.delete({ table: 77 })
    batch.rules.add({ action: 'nop', priority: 11 })
    expect(await batch.commit()).toMatchObject([
      { status: 'applied', value: { table: 5, priority: 10 } },
      { status: 'failed', error: { code: 'EEXIST' } },
      { status: 'failed', error: { code: 'ENOENT' } },
      { status: 'applied', value: { action: 'nop', priority: 11 } }
    ])
  })
})
