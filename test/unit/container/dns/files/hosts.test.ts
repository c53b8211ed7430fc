import { describe, expect, it } from 'vitest'
import {
  checkHostname,
  hostnameFile,
  hostsFile,
  parseExtraHost
} from '../../../../../src/container/dns/index.js'

const block6 = `::1\tlocalhost ip6-localhost ip6-loopback
fe00::\tip6-localnet
ff00::\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`

describe('hostsFile', () => {
  const options = { hostname: 'web', addresses: ['10.88.0.2', 'fd00::2'], ipv6: true }

  it('names localhost, and the sandbox', () => {
    expect(hostsFile(options)).toBe(`127.0.0.1\tlocalhost\n${block6}10.88.0.2\tweb\nfd00::2\tweb\n`)
  })

  it('has no IPv6 where there is none', () => {
    const extraHosts = ['six:fd00::9', 'four:10.0.0.9']
    expect(hostsFile({ ...options, ipv6: false, extraHosts })).toBe(
      '127.0.0.1\tlocalhost\n10.0.0.9\tfour\n10.88.0.2\tweb\n'
    )
  })

  it('gives the full name, and the short one', () => {
    const addresses = ['10.88.0.2']
    const end = (part: object): string | undefined =>
      hostsFile({ ...options, addresses, ...part })
        .split('\n')
        .at(-2)
    expect(end({ domainName: 'example.org' })).toBe('10.88.0.2\tweb.example.org web')
    expect(end({ hostname: 'web.example' })).toBe('10.88.0.2\tweb.example web')
    expect(end({ hostname: 'web.a', domainName: 'b' })).toBe('10.88.0.2\tweb.a.b web')
  })

  it('has extra hosts, and the host', () => {
    const extraHosts = ['db:10.0.0.5', 'six:[fd00::5]', 'host:host-gateway']
    const hostGateways = ['172.17.0.1', 'fd17::1']
    expect(hostsFile({ ...options, addresses: [], extraHosts, hostGateways })).toBe(
      `127.0.0.1\tlocalhost\n${block6}10.0.0.5\tdb\nfd00::5\tsix\n172.17.0.1\thost\nfd17::1\thost\n`
    )
  })

  it('refuses host-gateway where nothing is known of it', () => {
    expect(() => hostsFile({ ...options, extraHosts: ['a:1.1.1.1', 'host:host-gateway'] })).toThrow(
      expect.objectContaining({ field: 'extraHosts[1]', code: 'ERR_INVALID_ARG_VALUE' })
    )
  })
})

describe('parseExtraHost', () => {
  it.each([
    ['db:10.0.0.5', 'db', '10.0.0.5'],
    ['db.example:::1', 'db.example', '::1'],
    ['db:[::1]', 'db', '::1'],
    ['my_host:host-gateway', 'my_host', 'host-gateway']
  ])('reads %s', (text, name, address) => {
    expect(parseExtraHost(text)).toEqual({ name, address })
  })

  it.each([
    'db',
    ':10.0.0.5',
    'db:',
    'db:host',
    'a b:10.0.0.5',
    'a\n:10.0.0.5',
    'db:[10.0.0.5]',
    'db:10.0.0.5\n',
    ''
  ])('refuses %j', (text) => {
    expect(() => parseExtraHost(text)).toThrow(TypeError)
  })
})

describe('hostnames', () => {
  it('are a line of their own', () => {
    expect(hostnameFile('web')).toBe('web\n')
  })

  it('are checked', () => {
    for (const name of ['web', 'WEB-1.example_x', 'a'.repeat(63), '0123456789ab']) checkHostname(name)
    for (const name of [
      '',
      '-a',
      'a-',
      'a..b',
      '.a',
      'a.',
      'a b',
      'a\n',
      'ü',
      'a'.repeat(64),
      1,
      undefined
    ]) {
      expect(() => checkHostname(name)).toThrow(TypeError)
    }
  })
})
