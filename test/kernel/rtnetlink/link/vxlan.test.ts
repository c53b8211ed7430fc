import { describe, expect, it } from 'vitest'
import { needsKind, needsProgram } from '../../../setup/requirements.js'
import { lab } from './lab.js'

describe('vxlan', () => {
  needsProgram('ip')
  needsKind('vxlan')

  it('reads back what it is given, as ip prints it', async () => {
    await using l = await lab()
    const base = await l.host.links.add({ kind: 'veth', name: 'base' })
    const settings = {
      id: 42,
      local: '10.0.0.1',
      ttl: 9,
      tos: 1,
      learning: false,
      ageingTime: 77,
      limit: 1000,
      port: 4789,
      portRange: { low: 1000, high: 2000 },
      proxy: true,
      routeShortCircuit: true,
      l2Miss: true,
      l3Miss: true,
      udpChecksum: false,
      gbp: true,
      df: 'set'
    } as const
    const spec = { ...settings, group: '239.1.1.1', link: 'base' }
    const made = await l.host.links.add({ kind: 'vxlan', name: 'vx', vxlan: spec })
    expect(made).toMatchObject({
      kind: 'vxlan',
      vxlan: { ...settings, group: '239.1.1.1', link: base.index }
    })
    expect((await l.ip('vx'))['linkinfo']).toMatchObject({
      info_data: {
        id: 42,
        group: '239.1.1.1',
        local: '10.0.0.1',
        link: 'base',
        ttl: 9,
        tos: '0x1',
        learning: false,
        ageing: 77,
        limit: 1000,
        port: 4789,
        port_range: { low: 1000, high: 2000 },
        proxy: true,
        rsc: true,
        l2miss: true,
        l3miss: true,
        udp_csum: false,
        gbp: true,
        df: 'set'
      }
    })
  })

  it('is told apart by its other end, of either family', async () => {
    await using l = await lab()
    const remote = {
      id: 1,
      remote: 'fd00::2',
      local: 'fd00::1',
      port: 4789,
      udpZeroChecksum6Receive: true,
      flowLabel: 7
    }
    const made = await l.host.links.add({ kind: 'vxlan', name: 'vx6', vxlan: remote })
    expect(made).toMatchObject({ vxlan: remote })
    if (made.kind === 'vxlan') expect(made.vxlan.group).toBeUndefined()
    await l.ns.run(
      'ip',
      'link',
      'add',
      'vx',
      'type',
      'vxlan',
      'external',
      'dstport',
      '4790',
      'ttl',
      'inherit'
    )
    expect(await l.host.links.get('vx')).toMatchObject({
      vxlan: { collectMetadata: true, port: 4790, ttlInherit: true }
    })
  })

  it('can be changed in part; what can not is told by its path', async () => {
    await using l = await lab()
    const { host } = l
    await host.links.add({ kind: 'vxlan', name: 'vx', vxlan: { id: 42, port: 4789 } })
    await host.links.set('vx', { vxlan: { learning: false, ageingTime: 5 }, protocolDown: true })
    expect(await host.links.get('vx')).toMatchObject({
      protocolDown: true,
      vxlan: { id: 42, learning: false, ageingTime: 5 }
    })
    await expect(host.links.set('vx', { vxlan: { port: 4790 } })).rejects.toMatchObject({
      code: 'EOPNOTSUPP',
      reason: expect.stringContaining('Cannot change port') as string
    })
    await expect(host.links.set('vx', { vxlan: { df: 7 } })).rejects.toMatchObject({
      code: 'EINVAL',
      attribute: 'vxlan.df'
    })
    await expect(
      host.links.add({ kind: 'vxlan', name: 'v2', vxlan: { id: 42, port: 4789 } })
    ).rejects.toMatchObject({ code: 'EEXIST', reason: expect.stringContaining('VNI') as string })
  })
})
