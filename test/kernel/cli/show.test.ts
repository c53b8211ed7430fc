import { beforeAll, afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type TestNamespace, testNamespace } from '../../setup/namespace.js'
import { NetworkNamespace } from '../../../src/index.js'
import { kind, missing, needsProgram } from '../../setup/requirements.js'
import { capture } from '../../unit/cli/capture.js'
import { main, netloom, start } from './program.js'

/** Both ends of a pair, one of them in a bridge, another that leads elsewhere, addresses, routes, rules, neighbours. */
const commands = [
  'ip link set lo up',
  'ip link add br0 type bridge',
  'ip link set br0 up',
  'ip link add v0 type veth peer name v1',
  'ip link set v0 master br0 up',
  'ip link set v1 up alias "the other end" mtu 1400',
  'ip link property add dev v1 altname second',
  'ip link set v1 txqueuelen 500',
  'ip link add idle type veth peer name under',
  'ip addr add 10.0.0.1/24 brd + dev br0',
  'ip addr add 10.0.0.9/24 dev br0',
  'ip addr add 10.9.0.1 peer 10.9.0.2/32 dev v1',
  'ip addr add 10.5.0.1/24 dev v1 valid_lft 5000 preferred_lft 4000 noprefixroute',
  'ip addr add fd00::1/64 dev br0 nodad',
  'ip route add default via 10.0.0.254 proto static metric 7',
  'ip route add 10.20.0.0/16 via 10.0.0.2 src 10.0.0.9 mtu lock 1300 advmss 1200',
  'ip route add blackhole 10.30.0.0/16',
  'ip route add 10.40.0.1 dev v1 scope link',
  'ip route add 10.50.0.0/16 nexthop via 10.0.0.2 weight 3 nexthop via 10.0.0.3',
  'ip route add 10.60.0.0/16 via 10.0.0.2 table 77',
  'ip -6 route add fd01::/64 via fd00::2 metric 50',
  'ip rule add from 10.1.0.0/16 to 10.2.0.1 tos 0x10 fwmark 0x1/0xff iif v0 lookup 77 pref 100',
  'ip rule add not from 10.3.0.0/16 ipproto tcp dport 80-90 uidrange 0-0 prohibit pref 101',
  'ip rule add goto 32766 pref 102',
  'ip rule add lookup main suppress_prefixlength 0 pref 103',
  'ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev br0',
  'ip neigh add fd00::2 lladdr 02:00:00:00:00:03 dev br0 router nud reachable',
  'ip neigh add proxy 10.0.0.77 dev br0'
]

/**
 * Lines without blanks at their ends, which `ip` leaves in many places, without seconds that pass, and without the
 * origin of addresses, which not every `ip` knows.
 */
const tidy = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .trimEnd()
        .replace(/\b\d+sec/g, 'Nsec')
        .replace(/ proto kernel_l[lo]/, '')
    )

describe('show', () => {
  needsProgram('ip')
  let ns: TestNamespace
  let other: NetworkNamespace
  const name = `cli-show-${process.pid}`

  beforeAll(async () => {
    ns = await testNamespace()
    other = await NetworkNamespace.create(name, { removeOnClose: true })
    await ns.run('sh', '-ec', commands.join('\n'))
    await ns.run('ip', 'link', 'add', 'far', 'type', 'veth', 'peer', 'name', 'near', 'netns', name)
    // The kernel gives addresses of their own, and routes for them, to the three links that are up, in its own time.
    await vi.waitFor(
      async () => {
        const lines = await ns.run('ip', '-6', '-o', 'address', 'show', 'scope', 'link', '-tentative')
        expect(lines.trim().split('\n')).toHaveLength(3)
      },
      { timeout: 15_000 }
    )
  })
  afterAll(async () => {
    ns?.close()
    await other?.close()
  })

  /** In this process: starting another one for each takes long. */
  const shown = async (...words: string[]) => {
    const { status, out, error } = await capture([...words, '--namespace', ns.path])
    expect({ status, error }).toEqual({ status: 0, error: '' })
    return tidy(out)
  }
  const printed = async (...words: string[]) => tidy(await ns.run('ip', ...words))
  const shownJson = async (...words: string[]) =>
    JSON.parse((await capture([...words, '--json', '-n', ns.path])).out) as Record<string, unknown>[]

  it.each([
    [
      ['link', 'show'],
      ['link', 'show']
    ],
    [['link'], ['link']],
    [
      ['link', 'show', 'second'],
      ['link', 'show', 'dev', 'v1']
    ],
    [
      ['link', 'ls', '--master', 'br0'],
      ['link', 'show', 'master', 'br0']
    ],
    [
      ['link', 'show', '--up'],
      ['link', 'show', 'up']
    ],
    [
      ['link', 'show', '--kind', 'bridge'],
      ['link', 'show', 'type', 'bridge']
    ],
    [
      ['address', 'show'],
      ['address', 'show']
    ],
    [['addr'], ['addr']],
    [
      ['address', 'show', 'br0'],
      ['address', 'show', 'dev', 'br0']
    ],
    [
      ['route', 'show'],
      ['route', 'show']
    ],
    [
      ['route', '-6'],
      ['-6', 'route']
    ],
    [
      ['route', 'show', '--table', 'all'],
      ['route', 'show', 'table', 'all']
    ],
    [
      ['route', 'show', '10.30.0.0/16'],
      ['route', 'show', '10.30.0.0/16']
    ],
    [['rule'], ['rule']],
    [
      ['rule', 'show', '-6'],
      ['-6', 'rule', 'show']
    ],
    [
      ['neigh', '-4'],
      ['-4', 'neigh']
    ],
    [
      ['neighbor', 'show', '--proxy'],
      ['neigh', 'show', 'proxy']
    ]
  ])('%j is as ip %j', async (words, ip) => {
    expect(await shown(...words)).toEqual(await printed(...ip))
  })

  it('shows where it runs', async () => {
    const { status, out, error } = await netloom(['link'], ns.path)
    expect({ status, error, out: tidy(out) }).toEqual({ status: 0, error: '', out: await printed('link') })
  })

  it('tells objects as JSON', async () => {
    const links = await shownJson('link', 'show')
    const known = await ns.ip('link', 'show')
    expect(links.map(({ index, name, mtu, macAddress }) => [index, name, mtu, macAddress])).toEqual(
      known.map(({ ifindex, ifname, mtu, address }) => [ifindex, ifname, mtu, address])
    )
    expect(await shownJson('address', 'show', 'v1', '-4')).toMatchObject([
      { address: '10.9.0.1/32', peer: '10.9.0.2/32', validLifetime: 'forever' },
      { address: '10.5.0.1/24', flags: ['noprefixroute'] }
    ])
    expect(await shownJson('route', 'show', 'default')).toMatchObject([
      { gateway: '10.0.0.254', priority: 7 }
    ])
    expect(await shownJson('neigh', '-4')).toMatchObject([{ destination: '10.0.0.2', state: 'permanent' }])
    expect(await shownJson('rule')).toHaveLength(7)
    expect(await shownJson('route', 'show', '--table', '4242')).toEqual([])
  })

  it('looks into another namespace', async () => {
    const { out } = await netloom(['link', 'show', '--json', '--namespace', ns.path], other.path)
    expect((JSON.parse(out) as { name: string }[]).map(({ name }) => name)).toContain('br0')
    expect((await netloom(['link', '-n', name], ns.path)).out.split('\n')[0]).toMatch(/^1: lo: <LOOPBACK>/)
  })

  it('says what is not there, in one line', async () => {
    expect(await netloom(['link', 'show', 'eth7'], ns.path)).toMatchObject({
      status: 1,
      out: '',
      error: 'netloom: no link is named "eth7"\n'
    })
    const { status, error } = await netloom(['link', '--namespace', 'there-is-none'], ns.path)
    expect({ status, lines: error.split('\n').length }).toEqual({ status: 1, lines: 2 })
    expect(error).toMatch(/^netloom: .*there-is-none.* does not exist/)
  })

  it('ends quietly when nobody reads on', async () => {
    const program = start(['route', 'show', '--table', 'all'], ns.path)
    program.process.stdout!.destroy()
    expect(await program.ended).toMatchObject({ status: 0, error: '' })
  })
})

describe('monitor', () => {
  it('follows changes until it is interrupted', async () => {
    await using ns = await testNamespace()
    const program = start(['monitor', 'link', 'address', '--json', '--initial'], ns.path)
    await vi.waitFor(() => expect(program.out).toContain('"initial":true'), { timeout: 20_000 })
    await ns.run('ip', 'link', 'set', 'lo', 'up')
    await ns.run('ip', 'addr', 'add', '10.7.0.1/24', 'dev', 'lo')
    await vi.waitFor(() => expect(program.out).toContain('10.7.0.1/24'), { timeout: 20_000 })
    program.process.kill('SIGINT')
    const { signal, out, error } = await program.ended
    expect({ signal, error }).toEqual({ signal: 'SIGINT', error: '' })
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { object: string; change: string; value: object })
    expect(events[0]).toMatchObject({ object: 'link', change: 'new', value: { name: 'lo' } })
    expect(events).toContainEqual(
      expect.objectContaining({
        object: 'address',
        value: expect.objectContaining({ address: '10.7.0.1/24' }) as object
      })
    )
  })

  it('words them as ip does', async () => {
    await using ns = await testNamespace()
    await ns.run('ip', 'link', 'set', 'lo', 'up')
    const program = start(['monitor', 'address', 'route'], ns.path)
    const seen = (text: string) => vi.waitFor(() => expect(program.out).toContain(text), { timeout: 20_000 })
    // Until it listens, nothing shows.
    await vi.waitFor(
      async () => {
        await ns.run('ip', 'route', 'replace', 'blackhole', '10.99.0.0/16')
        await ns.run('ip', 'route', 'del', 'blackhole', '10.99.0.0/16')
        expect(program.out).toContain('Deleted blackhole 10.99.0.0/16\n')
      },
      { timeout: 20_000 }
    )
    await ns.run('ip', 'addr', 'add', '10.7.0.1/24', 'dev', 'lo')
    await seen('1: lo    inet 10.7.0.1/24 scope global lo\n')
    await ns.run('ip', 'addr', 'del', '10.7.0.1/24', 'dev', 'lo')
    await seen('Deleted 1: lo    inet 10.7.0.1/24 scope global lo\n')
    expect(program.out).not.toContain('127.0.0.1')
    program.process.kill('SIGTERM')
    expect(await program.ended).toMatchObject({ signal: 'SIGTERM' })
  })
})

describe('topology', () => {
  it('draws what there is', async () => {
    await using ns = await testNamespace()
    const name = `cli-topology-${process.pid}`
    const guest = await NetworkNamespace.create(name, { removeOnClose: true })
    onTestFinished(() => guest.close())
    await ns.run('ip', 'link', 'add', 'veth1', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
    const words = ['topology', '--namespace', ns.path, '--namespace', name]
    const tree = await netloom(words, ns.path)
    expect(tree).toMatchObject({ status: 0, error: '' })
    expect(tree.out).toContain(`↔ eth0 in ${name}`)
    expect(tree.out).toContain('↔ veth1 in host')
    expect((await capture([...words, '--mermaid'])).out).toMatch(/^flowchart LR\n/)
    expect((await capture([...words, '--dot'])).out).toMatch(/^graph topology {\n/)
    expect((await capture([...words, '--svg'])).out).toMatch(/^<svg .*\n[^]*<\/svg>\n$/)
    const { namespaces } = JSON.parse((await netloom([...words, '-j'], ns.path)).out) as {
      namespaces: { current: boolean; names: string[] }[]
    }
    expect(namespaces.map(({ current, names }) => [current, names])).toEqual([
      [true, []],
      [false, [name]]
    ])
  })

  it('finds everything by itself', async () => {
    await using ns = await testNamespace()
    const { status, out, error } = await netloom(['topology'], ns.path)
    expect({ status, error }).toEqual({ status: 0, error: '' })
    expect(out).toMatch(/^host\n└─ lo +down\n/)
  })
})

describe('completion', () => {
  needsProgram('bash')

  it('works in bash', async (context) => {
    context.skip((await missing(kind('bridge'))) !== undefined, 'needs bridges')
    await using ns = await testNamespace()
    await ns.run('ip', 'link', 'add', 'bridge-of-ours', 'type', 'bridge')
    const script = `
      netloom() { '${process.execPath}' '${main}' "$@"; }
      source <(netloom completion bash)
      reply() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _netloom; echo "\${COMPREPLY[*]}"; }
      reply netloom net
      reply netloom link show br
      reply netloom network ls --format ''`
    expect(await ns.run('bash', '-c', script)).toBe('network\nbridge-of-ours\ntable json\n')
  })
})
