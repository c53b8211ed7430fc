/** What is asked of other servers, and what comes back. */
import { once } from 'node:events'
import type { DecodedPacket } from 'dns-packet'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { needsProgram } from '../../../setup/requirements.js'
import { Lab, client, fails, queryFor, says, silent } from './lab.js'
import type { Sandbox } from './lab.js'

let lab: Lab
let sandbox: Sandbox

const fromHost = (...addresses: string[]) => addresses.map((address) => ({ address, from: 'host' as const }))
const fromSandbox = (...addresses: string[]) =>
  addresses.map((address) => ({ address, from: 'sandbox' as const }))

beforeEach(async () => {
  lab = await Lab.open()
  sandbox = await lab.sandbox()
  lab.name({ names: ['web'], address: '10.88.1.2' })
})

afterEach(() => lab.close())

const queryBytes = (id: number, name = 'www.example.org'): Buffer => queryFor(name, id)

describe('forwarding', () => {
  needsProgram('nsenter', 'dig')

  it.each(['+notcp', '+tcp'])('asks from the host, or from the sandbox (%s)', async (how) => {
    const host = await lab.server(lab.host, '127.0.0.1', says('192.0.2.1'))
    const inside = await lab.server(sandbox.namespace, '127.0.0.1', says('192.0.2.2'))
    await lab.server(lab.host, '10.88.1.1', says('192.0.2.3'))
    await lab.server(lab.host, 'fd88:1::1', says('192.0.2.4'))
    const ask = async (upstreams: ReturnType<typeof fromHost> | ReturnType<typeof fromSandbox>) => {
      await lab.service.serve(sandbox.served({ upstreams }))
      return (await sandbox.dig(how, 'www.example.org')).answers
    }
    expect(await ask(fromHost('127.0.0.1'))).toEqual(['192.0.2.1'])
    expect(await ask(fromSandbox('127.0.0.1'))).toEqual(['192.0.2.2'])
    expect(await ask(fromSandbox('10.88.1.1'))).toEqual(['192.0.2.3'])
    expect(await ask(fromSandbox('fd88:1::1'))).toEqual(['192.0.2.4'])
    expect(host.queries).toEqual([expect.objectContaining({ overTcp: how === '+tcp' })])
    expect(inside.queries).toHaveLength(1)
  })

  it('knows its own names, and asks nobody for them', async () => {
    const server = await lab.server(lab.host, '127.0.0.1', says('192.0.2.1'))
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1') }))
    expect((await sandbox.dig('web')).answers).toEqual(['10.88.1.2'])
    expect((await sandbox.dig('web', 'TXT')).answers).toEqual([])
    expect((await sandbox.dig('web.net1', 'AAAA')).answers).toEqual([])
    expect((await sandbox.dig('-x', '10.88.1.2')).answers).toEqual(['web.net1.'])
    expect(server.queries).toEqual([])
    expect((await sandbox.dig('-x', '10.88.1.9')).status).toBe('NOERROR')
    expect(server.queries).toHaveLength(1)
  })

  it('forwards names of one label, unless ndots was set', async () => {
    const server = await lab.server(lab.host, '127.0.0.1', says('192.0.2.1'))
    const upstreams = fromHost('127.0.0.1')
    await lab.service.serve(sandbox.served({ upstreams }))
    expect((await sandbox.dig('nobody')).answers).toEqual(['192.0.2.1'])
    await lab.service.serve(sandbox.served({ upstreams, forwardsSingleLabels: false }))
    expect(await sandbox.dig('nobody')).toMatchObject({ status: 'NOERROR', answers: [] })
    expect(server.queries).toHaveLength(1)
    expect((await sandbox.dig('nobody.org')).answers).toEqual(['192.0.2.1'])
    expect((await sandbox.dig('nobody', 'MX')).status).toBe('NOERROR')
    expect(server.queries).toHaveLength(3)
  })

  it('answers SERVFAIL where there is nobody to ask, or nobody answers well', async () => {
    await lab.service.serve(sandbox.served())
    expect(await sandbox.dig('www.example.org')).toMatchObject({ status: 'SERVFAIL', answers: [] })
    await lab.server(lab.host, '127.0.0.1', fails(2))
    await lab.server(lab.host, '127.0.0.2', fails(5))
    // Nobody listens at 127.0.0.3, and 203.0.113.1 is unreachable from there.
    const upstreams = fromHost('127.0.0.1', '127.0.0.2', '127.0.0.3', '203.0.113.1')
    await lab.service.serve(sandbox.served({ upstreams }))
    for (const how of ['+notcp', '+tcp']) {
      expect(await sandbox.dig(how, 'www.example.org')).toMatchObject({ status: 'SERVFAIL', answers: [] })
    }
  })

  it.each([
    ['does not answer', silent],
    ['answers SERVFAIL', fails(2)],
    ['answers REFUSED', fails(5)]
  ])('asks the next one when a server %s', async (_, respond) => {
    await lab.server(lab.host, '127.0.0.1', respond)
    const second = await lab.server(lab.host, '127.0.0.2', says('192.0.2.2'))
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1', '127.0.0.2') }))
    // Docker would need 4 s where there is no answer.
    for (const how of ['+notcp', '+tcp']) {
      expect((await sandbox.dig(how, '+time=3', 'www.example.org')).answers).toEqual(['192.0.2.2'])
    }
    expect(second.queries).toHaveLength(2)
  })

  it('asks the next one when nobody listens, or there is no way', async () => {
    await lab.server(lab.host, '127.0.0.2', says('192.0.2.2'))
    for (const address of ['127.0.0.1', '203.0.113.1', '2001:db8::1']) {
      await lab.service.serve(sandbox.served({ upstreams: fromHost(address, '127.0.0.2') }))
      for (const how of ['+notcp', '+tcp']) {
        expect((await sandbox.dig(how, 'www.example.org')).answers, address).toEqual(['192.0.2.2'])
      }
    }
  })

  it('takes no for an answer', async () => {
    await lab.server(lab.host, '127.0.0.1', fails(3))
    const second = await lab.server(lab.host, '127.0.0.2', says('192.0.2.2'))
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1', '127.0.0.2') }))
    expect((await sandbox.dig('www.example.org')).status).toBe('NXDOMAIN')
    expect(second.queries).toEqual([])
  })

  it('asks one that did not answer after the others, until it answers', async () => {
    let dead = true
    const first = await lab.server(lab.host, '127.0.0.1', (query, overTcp) =>
      dead ? undefined : says('192.0.2.1')(query, overTcp)
    )
    const second = await lab.server(lab.host, '127.0.0.2', says('192.0.2.2'))
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1', '127.0.0.2') }))
    // Its patience with the first question must end before it is known to be dead.
    await expect
      .poll(
        async () => {
          const before = first.queries.length
          expect((await sandbox.dig('www.example.org')).answers).toEqual(['192.0.2.2'])
          return first.queries.length - before
        },
        { timeout: 15_000, interval: 500 }
      )
      .toBe(0)
    dead = false
    second.close()
    expect((await sandbox.dig('www.example.org')).answers).toEqual(['192.0.2.1'])
  })

  it('passes on what it does not know, as it is', async () => {
    const server = await lab.server(lab.host, '127.0.0.1', ({ id, questions }) => ({
      type: 'response',
      id: id!,
      flags: 0x0180,
      questions: questions!,
      answers: [{ type: 'NULL', name: questions![0]!.name, ttl: 5, data: Buffer.from('anything') }]
    }))
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1') }))
    const options = ['+subnet=192.0.2.0/24', '+nsid', '+dnssec', '+bufsize=1400', '+cd']
    const { status, answers } = await sandbox.dig(...options, 'WWW.example.org', 'TYPE10')
    expect({ status, answers }).toEqual({ status: 'NOERROR', answers: ['\\# 8 616E797468696E67'] })
    const { packet } = server.queries[0]!
    expect(packet).toMatchObject({ flag_cd: true, questions: [{ name: 'WWW.example.org', type: 'NULL' }] })
    const additional = packet.additionals![0] as {
      udpPayloadSize: number
      flag_do: boolean
      options: { code: number }[]
    }
    expect(additional).toMatchObject({ udpPayloadSize: 1400, flag_do: true })
    expect(additional.options.map(({ code }) => code)).toEqual(expect.arrayContaining([3, 8]))
  })

  describe('of long answers', () => {
    const many = ({ id, questions }: DecodedPacket, count: number, truncated = false) => ({
      type: 'response' as const,
      id: id!,
      flags: truncated ? 0x0380 : 0x0180,
      questions: questions!,
      answers: Array.from({ length: count }, (_, i) => ({
        ...{ type: 'A' as const, name: questions![0]!.name, ttl: 60, data: `192.0.2.${i}` }
      }))
    })

    it('asks again over TCP, and passes on what the client takes', async () => {
      const server = await lab.server(lab.host, '127.0.0.1', (query, overTcp) =>
        many(query, overTcp ? 60 : 3, !overTcp)
      )
      await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1') }))
      const large = await sandbox.dig('+bufsize=4096', '+ignore', 'www.example.org')
      expect(large.answers).toHaveLength(60)
      expect(large.flags).not.toContain('tc')
      expect(server.queries.map(({ overTcp }) => overTcp)).toEqual([false, true])
      const small = await sandbox.dig('+bufsize=1232', '+ignore', 'www.example.org')
      expect(small.flags).toContain('tc')
      expect(small.answers).toHaveLength(38)
      // A client without EDNS could take no more than it was given.
      const plain = await sandbox.dig('+noedns', '+ignore', 'www.example.org')
      expect(plain.flags).toContain('tc')
      expect(plain.answers).toHaveLength(3)
      expect(server.queries).toHaveLength(5)
      expect((await sandbox.dig('+noedns', 'www.example.org')).answers).toHaveLength(60)
    })

    it('keeps the truncated one where TCP fails', async () => {
      await lab.server(lab.host, '127.0.0.1', (query, overTcp) =>
        overTcp ? Buffer.alloc(40) : many(query, 3, true)
      )
      await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1') }))
      const { flags, answers } = await sandbox.dig('+bufsize=4096', '+ignore', 'www.example.org')
      expect(flags).toContain('tc')
      expect(answers).toHaveLength(3)
    })

    it('cuts what is longer than a client without EDNS takes', async () => {
      await lab.server(lab.host, '127.0.0.1', (query) => many(query, 60))
      await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1') }))
      const { flags, answers } = await sandbox.dig('+noedns', '+ignore', 'www.example.org')
      expect(flags).toContain('tc')
      expect(answers).toHaveLength(15)
      expect((await sandbox.dig('+noedns', 'www.example.org')).answers).toHaveLength(60)
    })
  })

  it('believes nobody but the server, and that only of its question', async () => {
    await lab.server(lab.host, '127.0.0.1', (query) =>
      says('192.0.2.66')({ ...query, id: query.id! ^ 1 }, false)
    )
    await lab.server(lab.host, '127.0.0.2', (query) =>
      says('192.0.2.67')({ ...query, questions: [{ name: 'www.example.com', type: 'A' }] }, false)
    )
    await lab.server(lab.host, '127.0.0.3', says('192.0.2.3'))
    const upstreams = fromHost('127.0.0.1', '127.0.0.2', '127.0.0.3')
    await lab.service.serve(sandbox.served({ upstreams }))
    expect((await sandbox.dig('www.example.org')).answers).toEqual(['192.0.2.3'])
  })

  it('asks under ids and from ports that nobody can guess', async () => {
    const server = await lab.server(lab.host, '127.0.0.1', says('192.0.2.1'))
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1') }))
    const socket = await client(sandbox)
    for (let id = 0; id < 40; id++) {
      socket.send(queryBytes(id))
      const [bytes] = (await once(socket, 'message')) as [Buffer]
      expect(bytes.readUInt16BE(0)).toBe(id)
    }
    socket.close()
    const distinct = (list: number[]): number => new Set(list).size
    expect(distinct(server.queries.map(({ packet }) => packet.id!))).toBeGreaterThan(30)
    expect(distinct(server.queries.map(({ port }) => port))).toBeGreaterThan(30)
  })

  it('asks once for what many ask at once', async () => {
    const server = await lab.server(lab.host, '127.0.0.1', silent)
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1') }))
    const socket = await client(sandbox)
    const answered: number[] = []
    socket.on('message', (bytes) => answered.push(bytes.readUInt16BE(0)))
    for (let id = 0; id < 20; id++) socket.send(queryBytes(id))
    await expect.poll(() => answered.length, { timeout: 15_000 }).toBe(20)
    expect(answered.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, id) => id))
    expect(server.queries).toHaveLength(1)
    socket.close()
  })

  it('does not go round', async () => {
    // The sandbox forwards to a server inside, which asks the resolver in turn.
    const asking = await client(sandbox)
    const server = await lab.server(sandbox.namespace, '127.0.0.1', (query) => {
      asking.send(queryBytes(query.id!))
      return undefined
    })
    await lab.service.serve(sandbox.served({ upstreams: fromSandbox('127.0.0.11', '127.0.0.1') }))
    const socket = await client(sandbox)
    socket.send(queryBytes(1))
    const [bytes] = (await once(socket, 'message')) as [Buffer]
    expect(bytes[3]! & 15).toBe(2)
    expect(server.queries).toHaveLength(1)
    asking.close()
    socket.close()
  })

  it('answers SERVFAIL at once when too many wait', async () => {
    const server = await lab.server(lab.host, '127.0.0.1', silent)
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1') }))
    // Each asks as often as its receive buffer can take answers, which may come all at once.
    const sockets = await Promise.all(Array.from({ length: 11 }, () => client(sandbox)))
    const codes: number[] = []
    for (const socket of sockets) socket.on('message', (bytes) => codes.push(bytes[3]! & 15))
    for (let i = 0; i < 1100; i++) {
      sockets[i % 11]!.send(queryBytes(i, `n${i}.example.org`))
      // Nor are more under way than the resolver's and the server's can take.
      const seen = (): number => server.queries.length + codes.length
      if (i % 50 === 49) await expect.poll(seen, { timeout: 3000, interval: 5 }).toBeGreaterThan(i)
    }
    await expect.poll(() => codes.length, { timeout: 15_000 }).toBe(1100)
    expect(new Set(codes)).toEqual(new Set([2]))
    expect(server.queries.length).toBeLessThanOrEqual(1024)
    expect(server.queries.length).toBeGreaterThan(900)
    // All have ended, and there is room again.
    await lab.server(lab.host, '127.0.0.2', says('192.0.2.2'))
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.2') }))
    expect((await sandbox.dig('www.example.org')).answers).toEqual(['192.0.2.2'])
    for (const socket of sockets) socket.close()
  })

  it('answers what waits when the servers are changed', async () => {
    const late = await lab.server(lab.host, '127.0.0.1', silent)
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.1') }))
    const socket = await client(sandbox)
    socket.send(queryBytes(7))
    await expect.poll(() => late.queries.length).toBe(1)
    await lab.server(lab.host, '127.0.0.2', says('192.0.2.2'))
    await lab.service.serve(sandbox.served({ upstreams: fromHost('127.0.0.2') }))
    const [bytes] = (await once(socket, 'message')) as [Buffer]
    expect(bytes.readUInt16BE(0)).toBe(7)
    expect(bytes[3]! & 15).toBe(2)
    socket.close()
  })
})
