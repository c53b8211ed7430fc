import { describe, expect, it } from 'vitest'
import { NetworkStack } from '../../../../src/index.js'
import type { ConnectionSpec, Tuple } from '../../../../src/index.js'
import { descriptorsAtRest, descriptorsBack } from '../../../setup/descriptors.js'
import { kernelBefore, needsConntrack, skipUnless } from '../../../setup/requirements.js'
import { flowOf, helper, tracked } from './tracked.js'

const tcp4 = {
  source: '10.0.0.1',
  destination: '10.0.0.2',
  protocol: 'tcp',
  sourcePort: 1000,
  destinationPort: 80
} as const
const udp6 = {
  source: 'fd00::1',
  destination: 'fd00::2',
  protocol: 'udp',
  sourcePort: 5353,
  destinationPort: 53
} as const

/** What is made, and what of it conntrack(8) prints in its text form. */
const specs: [string, ConnectionSpec, string][] = [
  [
    'tcp',
    {
      original: tcp4,
      timeout: 600,
      tcp: { state: 'established' },
      status: ['seen_reply', 'assured'],
      mark: 5
    },
    'src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=80 '
  ],
  ['udp over IPv6, in a zone', { original: udp6, timeout: 30, zone: 7 }, 'zone=7'],
  [
    'icmp',
    {
      original: { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'icmp', icmp: { type: 8, id: 77 } },
      timeout: 60
    },
    'src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=77'
  ],
  [
    'icmpv6',
    {
      original: {
        source: 'fd00::1',
        destination: 'fd00::2',
        protocol: 'icmpv6',
        icmp: { type: 128, id: 78 }
      },
      timeout: 60
    },
    'src=fd00::2 dst=fd00::1 type=129 code=0 id=78'
  ],
  ['a zone of the original direction alone', { original: { ...tcp4, zone: 4 }, timeout: 60 }, 'zone-orig=4'],
  [
    'a zone of the reply alone',
    {
      original: tcp4,
      reply: {
        source: '10.0.0.2',
        destination: '10.0.0.1',
        protocol: 'tcp',
        sourcePort: 80,
        destinationPort: 1000,
        zone: 4
      },
      timeout: 60
    },
    'zone-reply=4'
  ],
  [
    'a translated source',
    { original: tcp4, timeout: 600, sourceNat: { address: '192.0.2.1', port: 4000 } },
    'src=10.0.0.2 dst=192.0.2.1 sport=80 dport=4000'
  ],
  [
    'a translated destination over IPv6',
    {
      original: udp6,
      timeout: 600,
      destinationNat: { address: '2001:db8::1', lastAddress: '2001:db8::1', port: 4000, lastPort: 4000 }
    },
    'src=2001:db8::1 dst=fd00::1 sport=4000 dport=5353'
  ],
  [
    'a protocol without ports',
    { original: { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'esp' }, timeout: 60 },
    'src=10.0.0.2 dst=10.0.0.1'
  ]
]

describe('connections', () => {
  needsConntrack()

  it.each(specs)('makes %s, as conntrack prints it', async (_name, spec, printed) => {
    await using host = await tracked()
    await host.conntrack.create(spec)
    const [connection, ...others] = await host.conntrack.list()
    expect(others).toEqual([])
    expect(connection).toMatchObject({ original: withCode(spec.original) })
    expect(connection!.zone).toBe(spec.zone)
    const flows = await host.flows()
    // Some versions of conntrack leave the zones of directions out of this form.
    const zones = (tuple: Tuple) => ({ ...tuple, zone: undefined })
    const comparable = ({ original, reply, ...flow }: (typeof flows)[number]) => ({
      ...flow,
      timeout: undefined,
      use: undefined,
      original: zones(original),
      reply: zones(reply)
    })
    expect(flows.map(comparable)).toEqual([comparable(flowOf(connection!))])
    expect((await host.lines())[0]).toContain(printed)
    expect(await host.conntrack.get(connection!)).toMatchObject({
      id: connection!.id,
      original: connection!.original
    })
    await host.conntrack.delete(connection!)
    expect(await host.flows()).toEqual([])
  })

  it('reads what conntrack makes', async () => {
    await using host = await tracked()
    const make = (...words: string[]) => host.ns.run('conntrack', '-I', ...words)
    await make(
      ...'-p tcp -s 10.0.0.1 -d 10.0.0.2 --sport 1 --dport 2 --state TIME_WAIT -t 90 -m 7 -w 3'.split(' ')
    )
    await make(...'-p udp -s fd00::1 -d fd00::2 --sport 1 --dport 2 -t 90'.split(' '))
    await make(
      ...'-p tcp -s 10.0.0.1 -d 10.0.0.2 --sport 3 --dport 4 --state SYN_SENT -t 90 -n 192.0.2.1'.split(' ')
    )
    await make(...'-p icmp -s 10.0.0.1 -d 10.0.0.2 --icmp-type 8 --icmp-code 0 --icmp-id 5 -t 90'.split(' '))
    const order = <T extends { id: number }>(flows: T[]) => flows.sort((a, b) => a.id - b.id)
    const read = await host.conntrack.list()
    expect(order(read.map(flowOf)).map(timeless)).toEqual(order(await host.flows()).map(timeless))
    expect(read.find(({ original }) => original.protocol === 'icmp')?.reply.icmp).toEqual({
      type: 0,
      code: 0,
      id: 5
    })
    expect(read.find(({ zone }) => zone === 3)).toMatchObject({ mark: 7, tcp: { state: 'time_wait' } })
    expect(read.find(({ original }) => original.sourcePort === 3)).toMatchObject({
      reply: { destination: '192.0.2.1' },
      status: ['confirmed', 'src_nat', 'src_nat_done', 'dst_nat_done']
    })
  })

  it('changes mark, timeout, status, state and labels', async () => {
    await using host = await tracked()
    const { conntrack } = host
    await conntrack.create({
      original: tcp4,
      timeout: 600,
      tcp: { state: 'syn_sent' },
      mark: 0x0f,
      labels: [3, 100]
    })
    expect((await conntrack.get({ original: tcp4 })).labels).toEqual([3, 100])
    const [flow] = await conntrack.list()
    await conntrack.update(flow!, {
      mark: 0xa0,
      markMask: 0xf0,
      timeout: 9000,
      status: ['seen_reply', 'assured'],
      tcp: {
        state: 'established',
        flags: { original: ['window_scale', 'be_liberal'], reply: ['window_scale'] },
        windowScale: { original: 7, reply: 9 }
      },
      labels: [4],
      labelsMask: [4, 100],
      sequenceAdjustment: { original: { position: 1, offsetBefore: -5, offsetAfter: 7 } }
    })
    const changed = await conntrack.get(flow!)
    expect(changed).toMatchObject({
      mark: 0xaf,
      status: ['seen_reply', 'assured', 'confirmed', 'seq_adjust'],
      tcp: {
        state: 'established',
        flags: { original: ['window_scale', 'be_liberal'], reply: ['window_scale'] },
        windowScale: { original: 7, reply: 9 }
      },
      labels: [3, 4],
      sequenceAdjustment: { original: { position: 1, offsetBefore: -5, offsetAfter: 7 } }
    })
    expect(changed.timeout).toBeGreaterThan(8990)
    expect((await host.flows())[0]).toMatchObject({ mark: 0xaf, tcpState: 'established', assured: true })
    // What lives on is not taken back.
    await expect(conntrack.update(flow!, { status: [] })).rejects.toMatchObject({ code: 'EBUSY' })
  })

  it('has its errors: there already, not there, another of the same tuple', async () => {
    await using host = await tracked()
    const { conntrack } = host
    const spec = { original: tcp4, timeout: 600 }
    await expect(conntrack.get(spec)).rejects.toMatchObject({ code: 'ENOENT', syscall: 'IPCTNL_MSG_CT_GET' })
    await expect(conntrack.update(spec, { mark: 1 })).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(conntrack.delete(spec)).rejects.toMatchObject({ code: 'ENOENT' })
    await conntrack.create(spec)
    await expect(conntrack.create(spec)).rejects.toMatchObject({ code: 'EEXIST' })
    const { id, reply } = await conntrack.get(spec)
    const other = { original: tcp4, id: (id + 1) >>> 0 }
    await expect(conntrack.get(other)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(conntrack.delete(other)).rejects.toMatchObject({ code: 'ENOENT' })
    expect((await conntrack.get({ reply })).id).toBe(id)
    await expect(conntrack.create({ ...spec, zone: 1, helper: 'nosuch' })).rejects.toMatchObject({
      code: 'EOPNOTSUPP'
    })
    await conntrack.delete({ reply })
    expect(await conntrack.list()).toEqual([])
  })

  it('gives counters as numbers, or as bigint', async () => {
    await using host = await tracked()
    await host.ns.run('sh', '-c', 'printf x > /dev/udp/127.0.0.1/9 || ping -c 1 127.0.0.1')
    const [one] = await host.conntrack.list()
    const [exact] = await host.conntrack.list({}, { bigint: true })
    expect(one!.counters!.original!.packets).toBeGreaterThan(0)
    expect(exact!.counters!.original!.packets).toBe(BigInt(one!.counters!.original!.packets))
    expect((await host.conntrack.get(one!, { bigint: true })).counters!.original!.bytes).toBeTypeOf('bigint')
  })

  it('makes and forgets many, and lists them one by one', async () => {
    await using host = await tracked()
    const { conntrack } = host
    const specs = Array.from({ length: 5000 }, (_, i) => ({
      original: { ...tcp4, sourcePort: 1024 + i },
      timeout: 600,
      mark: i % 2
    }))
    const created = await conntrack.createMany([...specs, specs[0]!])
    expect(created).toMatchObject({ applied: 5000, failures: [{ index: 5000, error: { code: 'EEXIST' } }] })
    let odd = 0
    for await (const { mark } of conntrack.iterate({ mark: 1 })) odd += mark!
    expect(odd).toBe(2500)
    expect(await conntrack.statistics()).toMatchObject({ entries: 5000 })
    expect(await conntrack.flush({ mark: 1 })).toBe(2500)
    const rest = await conntrack.list()
    expect(rest).toHaveLength(2500)
    const again = [...rest, rest[0]!]
    const deleted = await conntrack.deleteMany(again, { ifMissing: 'skip' })
    expect(deleted).toEqual({ applied: 2500, unchanged: 1, failures: [] })
    const { processors } = await conntrack.statistics()
    expect(processors.reduce((sum, { insert = 0 }) => sum + insert, 0)).toBeGreaterThanOrEqual(5000)
  })

  it('sets up a helper and takes it away', async (context) => {
    await using host = await tracked()
    await skipUnless(context, helper('ftp'))
    const { conntrack } = host
    await conntrack.create({ original: { ...tcp4, destinationPort: 21 }, timeout: 600, helper: 'ftp' })
    const [flow] = await conntrack.list({ helper: 'ftp' })
    expect((await host.flows())[0]).toMatchObject({ helper: 'ftp' })
    await conntrack.update(flow!, { helper: null })
    expect((await conntrack.get(flow!)).helper).toBeUndefined()
  })

  it('has the states of SCTP, as the kernel prints them', async (context) => {
    await using host = await tracked()
    const { conntrack } = host
    const original = { ...udp6, protocol: 'sctp' } as const
    const sctp = { state: 'shutdown_sent', verificationTag: { original: 5, reply: 0xfffffffe } } as const
    await conntrack.create({ original, timeout: 600, sctp })
    const [connection] = await conntrack.list({ protocol: 'sctp' })
    if (connection!.original.sourcePort === undefined) context.skip('the kernel does not track SCTP')
    expect(connection).toMatchObject({ original, sctp })
    await conntrack.update(connection!, { sctp: { ...sctp, state: 'established' } })
    expect((await conntrack.get(connection!)).sctp).toEqual({ ...sctp, state: 'established' })
    const printed = await host.ns.run('sh', '-c', 'cat /proc/net/nf_conntrack || true')
    if (printed !== '') expect(printed).toMatch(/sctp +132 \d+ ESTABLISHED src=fd00:/)
    await conntrack.delete(connection!)
  })

  it('has the states of DCCP', async (context) => {
    await skipUnless(context, kernelBefore(6, 16, 'DCCP is not tracked any more'))
    await using host = await tracked()
    const { conntrack } = host
    const original = { ...tcp4, protocol: 'dccp' } as const
    const dccp = { state: 'open', role: 'client', handshakeSequence: 2 ** 40 } as const
    await conntrack.create({ original, timeout: 600, dccp })
    const [connection] = await conntrack.list({ protocol: 'dccp' })
    if (connection!.original.sourcePort === undefined) context.skip('the kernel does not track DCCP')
    expect(connection).toMatchObject({ original, dccp })
  })

  it('keeps apart a protocol that the kernel does not know', async () => {
    await using host = await tracked()
    const original = { source: '10.0.0.1', destination: '10.0.0.2', protocol: 253 } as const
    await host.conntrack.create({ original, timeout: 600 })
    expect(await host.conntrack.list()).toMatchObject([{ original }])
    expect(await host.conntrack.flush({ protocol: 253 })).toBe(1)
  })

  it('leaves no descriptor behind', async () => {
    await using host = await tracked()
    const use = async (closing: boolean) => {
      await using stack = await NetworkStack.open({ namespace: { path: host.ns.path } })
      await stack.conntrack.list()
      for await (const _ of stack.conntrack.iterate()) break
      const monitor = stack.conntrack.monitor()
      if (closing) await monitor.close()
    }
    // The first monitor of all starts the thread that watches, which stays.
    await use(true)
    const before = await descriptorsAtRest()
    for (let i = 0; i < 20; i++) await use(i % 2 === 0)
    await descriptorsBack(before)
  })

  it('is closed with the stack, used or not', async () => {
    const host = await tracked()
    await using _host = host
    const pending = host.conntrack.list()
    await host.stack.close()
    await expect(
      pending.then(
        () => 'listed',
        (error: { code: string }) => error.code
      )
    ).resolves.toMatch(/listed|ERR_CLOSED/)
    await expect(host.conntrack.list()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(host.conntrack.iterate().next()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    expect(() => host.conntrack.monitor()).not.toThrow()
  })
})

const timeless = (flow: ReturnType<typeof flowOf>) => ({ ...flow, timeout: undefined, use: undefined })

function withCode(tuple: ConnectionSpec['original']) {
  return tuple.icmp === undefined ? tuple : { ...tuple, icmp: { code: 0, ...tuple.icmp } }
}
