import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { NetworkNamespace, type SysctlKey } from '../../../src/namespace/index.js'
import { execute } from '../../setup/namespace.js'
import { kind, needsProgram, program, skipUnless } from '../../setup/requirements.js'

describe('sysctl', () => {
  it('reads and changes a parameter of the namespace alone', async () => {
    await using namespace = await NetworkNamespace.create()
    const outside = readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8')
    await namespace.sysctl.set('net.ipv4.ip_forward', true)
    expect(await namespace.sysctl.get('net.ipv4.ip_forward')).toBe(1)
    expect(await namespace.sysctl.get('net/ipv4/ip_forward')).toBe(1)
    await namespace.sysctl.set('net.ipv4.ip_forward', 0)
    expect(await namespace.sysctl.get('net.ipv4.ip_forward')).toBe(0)
    expect(readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8')).toBe(outside)
    expect(namespace.runSync(() => readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8'))).toBe('0\n')
  })

  it('reads lists and text, and an empty text is something to write', async () => {
    await using namespace = await NetworkNamespace.create()
    const { sysctl } = namespace
    await sysctl.set('net.ipv4.ip_local_port_range', [20000, 30001])
    expect(await sysctl.get('net.ipv4.ip_local_port_range')).toEqual([20000, 30001])
    await sysctl.set('net.ipv4.ip_local_reserved_ports', '20080,20090-20095')
    expect(await sysctl.get('net.ipv4.ip_local_reserved_ports')).toBe('20080,20090-20095')
    await sysctl.set('net.ipv4.ip_local_reserved_ports', '')
    expect(await sysctl.get('net.ipv4.ip_local_reserved_ports')).toBe('')
    expect(await sysctl.get('net.ipv4.tcp_congestion_control')).toMatch(/^[a-z]/)
  })

  it('reads what the kernel says, whatever it is', async () => {
    await using namespace = await NetworkNamespace.create()
    for (const name of readdirSync('/proc/sys/net/ipv4')) {
      const path = `/proc/sys/net/ipv4/${name}`
      let text: string
      try {
        text = namespace.runSync(() => readFileSync(path, 'utf8'))
      } catch {
        continue // A folder, or not of a namespace of its own.
      }
      const value = await namespace.sysctl.get(`net.ipv4.${name}` as SysctlKey)
      const again = Array.isArray(value) ? value.join('\t') : String(value)
      expect(again, name).toBe(text.trim())
    }
  })

  it('takes the name of a link with a dot in it', async (context) => {
    await skipUnless(context, program('ip'), program('nsenter'), kind('bridge'))
    await using namespace = await NetworkNamespace.create()
    await execute('nsenter', [`--net=${namespace.path}`, 'ip', 'link', 'add', 'br0.100', 'type', 'bridge'])
    await namespace.sysctl.set('net.ipv4.conf.br0/100.rp_filter', 2)
    expect(await namespace.sysctl.get('net/ipv4/conf/br0.100/rp_filter')).toBe(2)
    expect(await namespace.sysctl.get('net.ipv4.conf.lo.rp_filter')).not.toBe(2)
  })

  describe('beside sysctl(8)', () => {
    needsProgram('sysctl', 'nsenter')

    it('agrees', async () => {
      await using namespace = await NetworkNamespace.create()
      const sysctl = (...args: string[]) =>
        execute('nsenter', [`--net=${namespace.path}`, 'sysctl', '-n', ...args])
      await sysctl('-w', 'net.ipv4.conf.lo.arp_announce=2')
      expect(await namespace.sysctl.get('net.ipv4.conf.lo.arp_announce')).toBe(2)
      await namespace.sysctl.set('net.ipv4.conf.lo.arp_announce', 1)
      expect((await sysctl('net.ipv4.conf.lo.arp_announce')).trim()).toBe('1')
    })
  })

  it('says what is not there, and what can not be', async () => {
    await using namespace = await NetworkNamespace.create()
    const { sysctl } = namespace
    await expect(sysctl.get('net.ipv4.conf.eth9.forwarding')).rejects.toMatchObject({
      name: 'NetlinkError',
      code: 'ENOENT',
      message: expect.stringContaining(
        'the namespace has no parameter net.ipv4.conf.eth9.forwarding'
      ) as unknown
    })
    await expect(sysctl.set('net.ipv4.nope', 1)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(sysctl.set('net.ipv4.ip_forward', 'maybe')).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringContaining('no such value for net.ipv4.ip_forward') as unknown
    })
    await expect(sysctl.get('net.ipv4.conf')).rejects.toMatchObject({ name: 'NetlinkError' })
    await expect(sysctl.get('net.ipv4.route.flush')).rejects.toMatchObject({ name: 'NetlinkError' })
    await expect(sysctl.get('kernel.hostname' as SysctlKey)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE'
    })
    await expect(sysctl.set('net/../kernel/hostname', 'x')).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE'
    })
    await expect(sysctl.set('net.ipv4.ip_forward', {} as unknown as string)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
      field: 'value'
    })
  })
})

describe('sysctl.getMany', () => {
  it('gives each by its key, typed as get does', async () => {
    await using namespace = await NetworkNamespace.create()
    const { sysctl } = namespace
    await sysctl.setMany({ 'net.ipv4.ip_forward': 1, 'net.ipv4.ip_local_port_range': [10000, 20001] })
    const values = await sysctl.getMany([
      'net.ipv4.ip_forward',
      'net.ipv4.ip_local_port_range',
      'net/ipv4/conf/lo/rp_filter'
    ])
    expect(values).toEqual({
      'net.ipv4.ip_forward': 1,
      'net.ipv4.ip_local_port_range': [10000, 20001],
      'net/ipv4/conf/lo/rp_filter': await sysctl.get('net.ipv4.conf.lo.rp_filter')
    })
    expectTypeOf(values['net.ipv4.ip_forward']).toEqualTypeOf<number>()
    expectTypeOf(values['net.ipv4.ip_local_port_range']).toEqualTypeOf<readonly [number, number]>()
    expect(await sysctl.getMany([])).toEqual({})
  })

  it('refuses keys that can not be right, and says which is missing', async () => {
    await using namespace = await NetworkNamespace.create()
    const { sysctl } = namespace
    await expect(sysctl.getMany(['net.ipv4.ip_forward', 'net/../x'])).rejects.toMatchObject({
      field: 'keys[1]'
    })
    await expect(sysctl.getMany('net.ipv4.ip_forward' as never)).rejects.toMatchObject({ field: 'keys' })
    await expect(sysctl.getMany(['net.ipv4.ip_forward', 'net.ipv4.nope'])).rejects.toMatchObject({
      code: 'ENOENT'
    })
  })

  it('passes over what is missing, if it is told to, and nothing else', async () => {
    await using namespace = await NetworkNamespace.create()
    const { sysctl } = namespace
    const keys = ['net.ipv4.nope', 'net.ipv4.ip_forward'] as const
    const values = await sysctl.getMany(keys, { ifMissing: 'skip' })
    expect(Object.keys(values)).toEqual(['net.ipv4.ip_forward'])
    expectTypeOf(values['net.ipv4.ip_forward']).toEqualTypeOf<number | undefined>()
    await expect(sysctl.getMany(['net.ipv4'], { ifMissing: 'skip' })).rejects.toMatchObject({
      code: 'EISDIR'
    })
    await expect(sysctl.getMany(keys, { ifMissing: 'never' as never })).rejects.toMatchObject({
      field: 'ifMissing'
    })
  })
})

describe('sysctl.setMany', () => {
  it('resolves to the values before, which put everything back', async () => {
    await using namespace = await NetworkNamespace.create()
    const { sysctl } = namespace
    await sysctl.setMany({ 'net.ipv4.ip_forward': 0, 'net.ipv4.ip_local_port_range': [32768, 60999] })
    const before = await sysctl.setMany({
      'net.ipv4.ip_forward': true,
      'net.ipv4.ip_local_port_range': '10000 20001',
      'net.ipv6.conf.all.forwarding': undefined
    })
    expect(before).toEqual({ 'net.ipv4.ip_forward': 0, 'net.ipv4.ip_local_port_range': [32768, 60999] })
    expect(await sysctl.get('net.ipv4.ip_local_port_range')).toEqual([10000, 20001])
    await sysctl.setMany(before)
    expect(await sysctl.get('net.ipv4.ip_forward')).toBe(0)
    expect(await sysctl.get('net.ipv4.ip_local_port_range')).toEqual([32768, 60999])
  })

  it('puts back what it changed when one fails', async () => {
    await using namespace = await NetworkNamespace.create()
    const { sysctl } = namespace
    await sysctl.set('net.ipv4.ip_forward', 0)
    await expect(
      sysctl.setMany({ 'net.ipv4.ip_forward': 1, 'net.ipv4.ip_local_port_range': 'nonsense' })
    ).rejects.toMatchObject({ code: 'EINVAL' })
    expect(await sysctl.get('net.ipv4.ip_forward')).toBe(0)
  })

  it('changes nothing when one is missing or wrong', async () => {
    await using namespace = await NetworkNamespace.create()
    const { sysctl } = namespace
    await sysctl.set('net.ipv4.ip_forward', 0)
    await expect(sysctl.setMany({ 'net.ipv4.ip_forward': 1, 'net.ipv4.nope': 1 })).rejects.toMatchObject({
      code: 'ENOENT'
    })
    await expect(sysctl.setMany({ 'net.ipv4.ip_forward': 1, 'net/../x': 1 })).rejects.toThrow(TypeError)
    await expect(
      sysctl.setMany({ 'net.ipv4.ip_forward': 1, 'net.ipv4.conf.lo.rp_filter': null as unknown as number })
    ).rejects.toMatchObject({ field: 'net.ipv4.conf.lo.rp_filter' })
    expect(await sysctl.get('net.ipv4.ip_forward')).toBe(0)
  })
})
