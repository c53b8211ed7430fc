import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  checkDnsOptions,
  parseResolvConf,
  readHostResolvConf,
  sandboxResolution
} from '../../../../../src/container/dns/index.js'
import type { ResolutionOptions } from '../../../../../src/container/dns/index.js'

const text = `
# comment
; another
domain old.example
search a.example\tb.example
nameserver 192.168.1.1
nameserver 127.0.0.1
 nameserver fe80::1%eth0
nameserver fd00::53
nameserver nonsense
nameserver
options ndots:2 edns0
options timeout:1
sortlist 130.155.160.0
`

const host = parseResolvConf(text)

const resolution = (options: Partial<ResolutionOptions>) =>
  sandboxResolution({ network: 'user-defined', ipv6: true, host, dns: {}, ...options })

/** Without comments. */
const lines = (conf: string): string[] =>
  conf.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

describe('parseResolvConf', () => {
  it('reads what resolv.conf(5) knows, and keeps the rest', () => {
    expect(host).toEqual({
      servers: ['192.168.1.1', '127.0.0.1', 'fe80::1%eth0', 'fd00::53'],
      search: ['a.example', 'b.example'],
      options: ['ndots:2', 'edns0', 'timeout:1'],
      other: ['sortlist 130.155.160.0']
    })
  })

  it('reads nothing out of nothing', () => {
    expect(parseResolvConf('')).toEqual({ servers: [], search: [], options: [], other: [] })
  })
})

describe('readHostResolvConf', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netloom-dns-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function read(own: string | undefined, systemd: string | undefined): Promise<readonly string[]> {
    const path = join(folder, 'own')
    const systemdPath = join(folder, 'systemd')
    if (own !== undefined) await writeFile(path, own)
    if (systemd !== undefined) await writeFile(systemdPath, systemd)
    return (await readHostResolvConf({ path, systemdPath })).servers
  }

  it('reads the file', async () => {
    expect(await read('nameserver 1.1.1.1\n', 'nameserver 9.9.9.9\n')).toEqual(['1.1.1.1'])
  })

  it('looks behind the stub of systemd-resolved', async () => {
    expect(await read('nameserver 127.0.0.53\noptions edns0\n', 'nameserver 9.9.9.9\n')).toEqual(['9.9.9.9'])
  })

  it('keeps the stub where another server is named, or nothing is behind it', async () => {
    expect(await read('nameserver 127.0.0.53\n', undefined)).toEqual(['127.0.0.53'])
    const both = 'nameserver 127.0.0.53\nnameserver 1.1.1.1\n'
    expect(await read(both, 'nameserver 9.9.9.9\n')).toEqual(['127.0.0.53', '1.1.1.1'])
  })

  it('takes a missing file for an empty one, and tells other faults', async () => {
    expect(await read(undefined, undefined)).toEqual([])
    await expect(readHostResolvConf({ path: folder })).rejects.toMatchObject({ code: 'EISDIR' })
  })
})

describe('sandboxResolution', () => {
  it('names the resolver alone on a user-defined network, which asks the host for its servers', () => {
    const { resolvConf, upstreams, forwardsSingleLabels } = resolution({})
    expect(lines(resolvConf)).toEqual([
      'nameserver 127.0.0.11',
      'search a.example b.example',
      'options ndots:2 edns0 timeout:1',
      'sortlist 130.155.160.0'
    ])
    expect(upstreams).toEqual(host.servers.map((address) => ({ address, from: 'host' })))
    expect(forwardsSingleLabels).toBe(false)
  })

  it('sets ndots:0 unless it is set, and then forwards names of one label', () => {
    const bare = resolution({ dns: { options: ['edns0'] } })
    expect(lines(bare.resolvConf)).toContain('options edns0 ndots:0')
    expect(bare.forwardsSingleLabels).toBe(true)
    const wrong = resolution({ dns: { options: ['ndots:many', 'edns0'] } })
    expect(lines(wrong.resolvConf)).toContain('options edns0 ndots:0')
    expect(lines(resolution({ dns: { options: ['ndots:0'] } }).resolvConf)).toContain('options ndots:0')
  })

  it('asks servers that the sandbox names from the sandbox', () => {
    const { upstreams } = resolution({ dns: { servers: ['10.0.0.53', '127.0.0.1'] } })
    expect(upstreams).toEqual([
      { address: '10.0.0.53', from: 'sandbox' },
      { address: '127.0.0.1', from: 'sandbox' }
    ])
  })

  it('forwards nothing from the host for internal networks', () => {
    expect(resolution({ internal: true }).upstreams).toEqual([])
    expect(resolution({ internal: true }).resolvConf).toContain('# 127.0.0.11 asks: nobody\n')
    const dns = { servers: ['10.0.0.53'] }
    expect(resolution({ internal: true, dns }).upstreams).toEqual([{ address: '10.0.0.53', from: 'sandbox' }])
    expect(lines(resolution({ internal: true }).resolvConf)[0]).toBe('nameserver 127.0.0.11')
  })

  it('takes search domains and options of the sandbox', () => {
    expect(lines(resolution({ dns: { search: ['c.example'] } }).resolvConf)).toContain('search c.example')
    const none = resolution({ dns: { search: ['.'], options: [] } })
    expect(lines(none.resolvConf)).toEqual([
      'nameserver 127.0.0.11',
      'options ndots:0',
      'sortlist 130.155.160.0'
    ])
  })

  it('leaves out loopback servers on the default network, and IPv6 ones without IPv6', () => {
    const { resolvConf, upstreams } = resolution({ network: 'default' })
    expect(upstreams).toEqual([])
    expect(lines(resolvConf).filter((line) => line.startsWith('nameserver'))).toEqual([
      'nameserver 192.168.1.1',
      'nameserver fe80::1%eth0',
      'nameserver fd00::53'
    ])
    expect(lines(resolvConf)).toContain('options ndots:2 edns0 timeout:1')
    const without = resolution({ network: 'default', ipv6: false }).resolvConf
    expect(lines(without).filter((line) => line.startsWith('nameserver'))).toEqual(['nameserver 192.168.1.1'])
  })

  it('falls back to public servers', () => {
    const loopback = parseResolvConf('nameserver 127.0.0.1\nnameserver ::1\n')
    const options = { network: 'default', host: loopback } as const
    expect(lines(resolution({ ...options, ipv6: false }).resolvConf)).toEqual([
      'nameserver 8.8.8.8',
      'nameserver 8.8.4.4'
    ])
    expect(lines(resolution(options).resolvConf)).toEqual([
      'nameserver 8.8.8.8',
      'nameserver 8.8.4.4',
      'nameserver 2001:4860:4860::8888',
      'nameserver 2001:4860:4860::8844'
    ])
    const own = resolution({ ...options, dns: { servers: ['127.0.0.1'] } })
    expect(lines(own.resolvConf)).toEqual(['nameserver 127.0.0.1'])
  })

  it("leaves the host's as it is in the host's namespace", () => {
    const { resolvConf } = resolution({ network: 'host', ipv6: false })
    expect(parseResolvConf(resolvConf)).toEqual(host)
  })
})

describe('checkDnsOptions', () => {
  it('takes what can be written', () => {
    checkDnsOptions({})
    checkDnsOptions({ servers: ['1.1.1.1', 'fd00::1'], search: ['.', 'a.example'], options: ['ndots:1'] })
    const options = [
      'ndots:0',
      'ndots:15',
      'timeout:1',
      'timeout:30',
      'attempts:5',
      'edns0',
      'made-up:x',
      'ndotsy'
    ]
    checkDnsOptions({ options })
  })

  it.each([
    [{ servers: ['dns.example'] }, 'servers[0]'],
    [{ servers: ['1.1.1.1', 'fe80::1%eth0'] }, 'servers[1]'],
    [{ servers: '1.1.1.1' }, 'servers'],
    [{ search: ['a\nnameserver 6.6.6.6'] }, 'search[0]'],
    [{ search: [''] }, 'search[0]'],
    [{ options: ['ndots:1 edns0'] }, 'options[0]'],
    [{ options: [1] }, 'options[0]'],
    [{ server: [] }, 'server'],
    [[], '']
  ])('refuses %j', (value, field) => {
    expect(() => checkDnsOptions(value)).toThrow(expect.objectContaining({ field }))
  })

  it.each([
    ['ndots:many', 'ERR_INVALID_ARG_VALUE'],
    ['ndots', 'ERR_INVALID_ARG_VALUE'],
    ['ndots:', 'ERR_INVALID_ARG_VALUE'],
    ['ndots:-1', 'ERR_INVALID_ARG_VALUE'],
    ['ndots:1:2', 'ERR_INVALID_ARG_VALUE'],
    ['ndots:16', 'ERR_OUT_OF_RANGE'],
    ['timeout:1s', 'ERR_INVALID_ARG_VALUE'],
    ['timeout:0', 'ERR_OUT_OF_RANGE'],
    ['timeout:31', 'ERR_OUT_OF_RANGE'],
    ['attempts:0', 'ERR_OUT_OF_RANGE'],
    ['attempts:6', 'ERR_OUT_OF_RANGE']
  ])('refuses the option %s', (option, code) => {
    const refusal = expect.objectContaining({ code, field: 'options[1]' }) as Error
    expect(() => checkDnsOptions({ options: ['edns0', option] })).toThrow(refusal)
  })
})
