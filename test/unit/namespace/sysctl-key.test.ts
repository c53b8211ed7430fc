import { describe, expect, expectTypeOf, it } from 'vitest'
import { type SysctlValue, readSysctl, sysctlPath, sysctlText } from '../../../src/namespace/sysctl-key.js'

describe('sysctlPath', () => {
  it.each([
    ['net.ipv4.ip_forward', '/proc/sys/net/ipv4/ip_forward'],
    ['net/ipv4/ip_forward', '/proc/sys/net/ipv4/ip_forward'],
    ['net.ipv4.conf.eth0/100.rp_filter', '/proc/sys/net/ipv4/conf/eth0.100/rp_filter'],
    ['net/ipv4/conf/eth0.100/rp_filter', '/proc/sys/net/ipv4/conf/eth0.100/rp_filter'],
    ['net.ipv6.conf.default.disable_ipv6', '/proc/sys/net/ipv6/conf/default/disable_ipv6']
  ])('finds %s', (key, path) => {
    expect(sysctlPath(key)).toBe(path)
  })

  it.each([
    '',
    'net',
    'kernel.hostname',
    'kernel/hostname',
    'net.',
    'net/',
    '/net/ipv4/ip_forward',
    '/proc/sys/net/ipv4/ip_forward',
    'net..ipv4',
    'net/../kernel/hostname',
    'net/ipv4/../../kernel/hostname',
    'net.//.kernel.hostname',
    'net.ipv4.//.//.kernel.hostname',
    'net/./ipv4',
    'net//ipv4',
    'net.ipv4.ip_forward\0',
    'network.x'
  ])('refuses %j', (key) => {
    expect(() => sysctlPath(key)).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE', field: 'key', value: key })
    )
  })

  it('refuses what is no string', () => {
    expect(() => sysctlPath(7)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
  })
})

describe('readSysctl', () => {
  const path = (key: string) => sysctlPath(key)

  it('reads numbers, lists and text', () => {
    expect(readSysctl(path('net.ipv4.ip_forward'), '1\n')).toBe(1)
    expect(readSysctl(path('net.ipv4.x'), '-5\n')).toBe(-5)
    expect(readSysctl(path('net.ipv4.ip_local_port_range'), '32768\t60999\n')).toEqual([32768, 60999])
    expect(readSysctl(path('net.ipv4.tcp_congestion_control'), 'cubic\n')).toBe('cubic')
    expect(readSysctl(path('net.ipv4.x'), '\n')).toBe('')
    expect(readSysctl(path('net.ipv6.conf.lo.ioam6_id_wide'), '72057594037927935\n')).toBe(
      '72057594037927935'
    )
  })

  it('leaves text that looks like a number as it is', () => {
    expect(readSysctl(path('net.ipv4.ip_local_reserved_ports'), '8080\n')).toBe('8080')
  })

  it('has types', () => {
    expectTypeOf<SysctlValue<'net.ipv4.ip_forward'>>().toEqualTypeOf<number>()
    expectTypeOf<SysctlValue<'net.ipv4.conf.eth0.forwarding'>>().toEqualTypeOf<number>()
    expectTypeOf<SysctlValue<'net.ipv4.tcp_congestion_control'>>().toEqualTypeOf<string>()
    expectTypeOf<SysctlValue<'net.ipv6.conf.eth0.stable_secret'>>().toEqualTypeOf<string>()
    expectTypeOf<SysctlValue<'net.ipv4.tcp_rmem'>>().toEqualTypeOf<readonly [number, number, number]>()
    expectTypeOf<SysctlValue<'net.x'>>().toEqualTypeOf<number | readonly number[] | string>()
    expectTypeOf<SysctlValue>().toEqualTypeOf<number | readonly number[] | string>()
  })
})

describe('sysctlText', () => {
  it.each<[unknown, string]>([
    [true, '1'],
    [false, '0'],
    [-1, '-1'],
    [12n, '12'],
    ['', ''],
    ['reno cubic', 'reno cubic'],
    [[1024, 65535], '1024 65535']
  ])('writes %s', (value, text) => {
    expect(sysctlText(value, 'value')).toBe(text)
  })

  it.each([undefined, null, {}, [], [1, 'a'], 1.5, NaN, Infinity, 2 ** 53, 'a\nb', 'a\0', Symbol('x')])(
    'refuses %s',
    (value) => {
      expect(() => sysctlText(value, 'value')).toThrow(
        expect.objectContaining({ name: 'TypeError', field: 'value' })
      )
    }
  )
})
