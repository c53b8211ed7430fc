import { closeSync, writeSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { needsProgram, needsTun } from '../../../setup/requirements.js'
import { lab } from './lab.js'

describe('tun', () => {
  needsProgram('ip')
  needsTun()

  it('is made persistent, in the namespace of the stack', async () => {
    await using l = await lab()
    const tun = { mode: 'tap', owner: 5, group: 6, virtioNetHeader: true, multiQueue: true } as const
    const made = await l.host.links.add({ kind: 'tun', name: 'tap0', mtu: 1400, up: true, alias: 'x', tun })
    expect(made).toMatchObject({
      kind: 'tun',
      mtu: 1400,
      up: true,
      alias: 'x',
      tun: { ...tun, persist: true }
    })
    expect((await l.ip('tap0'))['linkinfo']).toMatchObject({
      info_kind: 'tun',
      info_data: { type: 'tap', pi: false, vnet_hdr: true, multi_queue: true, persist: true }
    })
    await expect(l.host.links.add({ kind: 'tun', name: 'tap0', tun })).rejects.toMatchObject({
      code: 'EEXIST'
    })
    await l.host.links.delete('tap0')
  })

  it('lasts as long as its descriptor, through which packets go', async () => {
    await using l = await lab()
    const { host } = l
    const { link, fd } = await host.links.openTun({
      kind: 'tun',
      name: 'tun%d',
      up: true,
      tun: { mode: 'tun' }
    })
    try {
      expect(link).toMatchObject({
        name: 'tun0',
        kind: 'tun',
        up: true,
        tun: { mode: 'tun', persist: false }
      })
      const packet = Buffer.from('450000140000000040ff0000' + '0a0000010a000002', 'hex')
      writeSync(fd, packet)
      expect((await host.links.get('tun0')).statistics).toMatchObject({ receivePackets: 1, receiveBytes: 20 })
    } finally {
      closeSync(fd)
    }
    await expect(host.links.get('tun0')).rejects.toMatchObject({ code: 'ENODEV' })
  })

  it('attaches to a persistent one, and is made in another namespace', async () => {
    await using l = await lab()
    await l.host.links.add({ kind: 'tun', name: 't', namespace: l.other, tun: { mode: 'tap' } })
    const { link, fd } = await l.guest.links.openTun({ kind: 'tun', name: 't', tun: { mode: 'tap' } })
    expect(link).toMatchObject({ name: 't', tun: { mode: 'tap', persist: true } })
    await expect(
      l.guest.links.openTun({ kind: 'tun', name: 't', tun: { mode: 'tap' } })
    ).rejects.toMatchObject({
      code: 'EBUSY'
    })
    closeSync(fd)
    expect((await l.guest.links.get('t')).carrier).toBe(false)
  })

  it('leaves nothing when a setting fails, and is refused where it can not be right', async () => {
    await using l = await lab()
    const { host } = l
    await expect(
      host.links.add({ kind: 'tun', name: 't', master: 'nope', tun: { mode: 'tap' } })
    ).rejects.toMatchObject({ code: 'ENODEV' })
    await expect(host.links.add({ kind: 'tun', tun: { mode: 'tap', persist: false } })).rejects.toMatchObject(
      {
        field: 'tun.persist'
      }
    )
    expect(await host.links.list()).toHaveLength(1)
  })
})
