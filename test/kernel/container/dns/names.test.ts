/** What real clients find out about names of a network, through the real 127.0.0.11:53. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nft } from '../../../../src/index.js'
import { execute } from '../../../setup/namespace.js'
import { needsProgram } from '../../../setup/requirements.js'
import { Lab, client, queryFor } from './lab.js'
import type { Sandbox } from './lab.js'

let lab: Lab
let sandbox: Sandbox

beforeEach(async () => {
  lab = await Lab.open()
  sandbox = await lab.sandbox()
  lab.name({ names: ['web', 'www', '0123456789ab'], address: '10.88.1.2', address6: 'fd88:1::2' })
  lab.name({ endpointId: 'e2', names: ['db'], address: '10.88.1.3' })
  lab.name({ endpointId: 'e3', networkId: 'n2', networkName: 'net2', names: ['far'], address: '10.88.1.4' })
  await lab.service.serve(sandbox.served())
})

afterEach(() => lab.close())

describe('dig', () => {
  needsProgram('nsenter', 'dig')

  it.each(['+notcp', '+tcp'])('finds what there is (%s)', async (how) => {
    const data = async (...args: string[]) => (await sandbox.dig(how, ...args)).answers
    expect(await data('web')).toEqual(['10.88.1.2'])
    expect(await data('WWW.Net1')).toEqual(['10.88.1.2'])
    expect(await data('0123456789ab', 'AAAA')).toEqual(['fd88:1::2'])
    expect(await data('-x', '10.88.1.2')).toEqual(['web.net1.'])
    expect(await data('-x', 'fd88:1::2')).toEqual(['web.net1.'])
    expect(await sandbox.dig(how, 'db', 'AAAA')).toEqual({
      status: 'NOERROR',
      flags: ['qr', 'aa', 'rd', 'ra'],
      answers: []
    })
    expect(await sandbox.dig(how, 'far')).toMatchObject({ status: 'SERVFAIL', answers: [] })
    expect(await sandbox.dig(how, 'nobody')).toMatchObject({ status: 'SERVFAIL', answers: [] })
  })

  it('sees changes at once', async () => {
    lab.service.removeName('e2')
    lab.name({ names: ['web2'], address: '10.88.1.7' })
    await lab.service.serve(sandbox.served({ networkIds: ['n2', 'n1'] }))
    expect((await sandbox.dig('web2')).answers).toEqual(['10.88.1.7'])
    expect((await sandbox.dig('far.net2')).answers).toEqual(['10.88.1.4'])
    expect((await sandbox.dig('db')).status).toBe('SERVFAIL')
    expect((await sandbox.dig('web')).status).toBe('SERVFAIL')
  })

  it('gets all addresses that share a name, over TCP where they are too many', async () => {
    const all = Array.from({ length: 200 }, (_, i) => `10.88.2.${i}`).sort()
    for (const address of all) lab.name({ endpointId: address, names: ['all'], address })
    const short = await sandbox.dig('+noedns', '+ignore', 'all')
    expect(short.flags).toContain('tc')
    expect(short.answers).toHaveLength(25)
    expect(new Set(all)).toEqual(new Set([...all, ...short.answers]))
    expect((await sandbox.dig('+bufsize=1232', '+ignore', 'all')).answers).toHaveLength(63)
    const long = await sandbox.dig('+bufsize=4096', '+ignore', 'all')
    expect(long).toMatchObject({ flags: ['qr', 'aa', 'rd', 'ra'], answers: all })
    expect((await sandbox.dig('all')).answers).toEqual(all)
  })

  it('asks many questions of one connection', async () => {
    const text = await sandbox.run(
      ...(['dig', '@127.0.0.11', '+tcp', '+keepopen', '+short', 'web', 'db', 'web', 'aaaa'] as const)
    )
    expect(text).toBe('10.88.1.2\n10.88.1.3\nfd88:1::2\n')
  })

  it('is refused what nobody does here', async () => {
    expect((await sandbox.dig('+opcode=NOTIFY', 'web')).status).toBe('NOTIMP')
    expect((await sandbox.dig('+edns=1', '+noednsneg', 'web')).status).toBe('BADVERS')
    expect((await sandbox.dig('+header-only', 'web')).status).toBe('FORMERR')
    expect((await sandbox.dig('-c', 'CH', '-t', 'TXT', 'web')).status).toBe('SERVFAIL')
  })

  it('still finds names after any nonsense', async () => {
    const socket = await client(sandbox)
    const answers: Buffer[] = []
    socket.on('message', (bytes) => answers.push(bytes))
    const sent = [Buffer.alloc(1), Buffer.alloc(12), Buffer.alloc(600, 0xff), Buffer.alloc(65_000, 0x40)]
    for (const bytes of sent) {
      socket.send(bytes)
      expect((await sandbox.dig('web')).answers).toEqual(['10.88.1.2'])
    }
    // The second is a query without a question, the fourth an opcode that nobody knows.
    expect(answers.map((bytes) => bytes[3]! & 15)).toEqual([1, 4])
    socket.close()
  })

  it("leaves port 53 to the sandbox's own servers", async () => {
    const own = createSocket('udp4')
    const listening = once(own, 'listening')
    own.bind({ fd: await sandbox.namespace.openSocket({ type: 'udp', address: '0.0.0.0', port: 53 }) })
    await listening
    own.on('message', (_, { address, port }) => own.send(Buffer.from('own'), port, address))
    for (const address of ['127.0.0.1', '10.88.1.2']) {
      const socket = createSocket('udp4')
      socket.bind({ fd: await sandbox.namespace.openSocket({ type: 'udp' }) })
      socket.send('?', 53, address)
      const [bytes, from] = (await once(socket, 'message')) as [Buffer, { address: string; port: number }]
      expect(bytes.toString()).toBe('own')
      expect(from).toMatchObject({ address, port: 53 })
      socket.close()
    }
    expect((await sandbox.dig('web')).answers).toEqual(['10.88.1.2'])
    own.close()
  })
})

it('answers from the address and port that were asked', async () => {
  const socket = createSocket('udp4')
  socket.bind({ fd: await sandbox.namespace.openSocket({ type: 'udp' }) })
  socket.send(queryFor('web'), 53, '127.0.0.11')
  const [bytes, from] = (await once(socket, 'message')) as [Buffer, { address: string; port: number }]
  expect(bytes.subarray(-4)).toEqual(Buffer.of(10, 88, 1, 2))
  expect(from).toMatchObject({ address: '127.0.0.11', port: 53 })
  socket.close()
})

it('survives queries from no port', async () => {
  const { nftables } = sandbox.stack
  const place = { family: 'ip', table: 'forge' } as const
  await nftables.commit((tx) => {
    tx.tables.add({ family: 'ip', name: 'forge' })
    tx.chains.add({ ...place, name: 'output', type: 'filter', hook: 'output', priority: 0 })
    const expressions = [nft.match(nft.ip.daddr, '127.0.0.11'), nft.assign(nft.udp.sport, 0), nft.counter()]
    tx.rules.add({ ...place, chain: 'output', expressions })
  })
  const socket = await client(sandbox)
  const query = queryFor('web')
  for (let i = 0; i < 10; i++) socket.send(query)
  const counted = async () => (await nftables.rules.list(place))[0]?.expressions.at(-1)
  await expect.poll(counted).toMatchObject({ kind: 'counter', packets: 10 })
  await nftables.tables.delete({ family: 'ip', name: 'forge' })
  const answered = once(socket, 'message')
  socket.send(query)
  const [bytes] = (await answered) as [Buffer]
  expect(bytes.subarray(-4)).toEqual(Buffer.of(10, 88, 1, 2))
  socket.close()
})

describe('resolvers', () => {
  needsProgram('nsenter', 'unshare')
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netloom-dns-'))
    await writeFile(join(folder, 'resolv.conf'), 'nameserver 127.0.0.11\noptions ndots:0\n')
    await writeFile(join(folder, 'nsswitch.conf'), 'hosts: dns\n')
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Runs a program with the files over those in /etc. */
  const resolved = (...command: string[]): Promise<string> => {
    const mounts =
      'mount --bind "$0/resolv.conf" /etc/resolv.conf && mount --bind "$0/nsswitch.conf" /etc/nsswitch.conf'
    return sandbox.run('unshare', '-m', 'sh', '-c', `${mounts} && exec "$@"`, folder, ...command)
  }
  const addresses = (text: string): string[] => [...new Set(text.match(/^[0-9a-f.:]+/gm) ?? [])].sort()

  describe('of glibc', () => {
    needsProgram('getent')

    it('finds names, and names of addresses', async () => {
      expect(addresses(await resolved('getent', 'ahosts', 'web'))).toEqual(['10.88.1.2', 'fd88:1::2'])
      expect(addresses(await resolved('getent', 'ahostsv4', 'DB.net1'))).toEqual(['10.88.1.3'])
      expect(await resolved('getent', 'hosts', '10.88.1.2')).toMatch(/^10\.88\.1\.2\s+web\.net1$/m)
      await expect(resolved('getent', 'hosts', 'nobody')).rejects.toThrow()
    })
  })

  describe('of musl', () => {
    needsProgram('musl-gcc')

    it('finds names', async () => {
      const source = join(folder, 'resolve.c')
      await writeFile(source, muslClient)
      await execute('musl-gcc', ['-static', '-o', join(folder, 'resolve'), source])
      expect(addresses(await resolved(join(folder, 'resolve'), 'web'))).toEqual(['10.88.1.2', 'fd88:1::2'])
      expect(addresses(await resolved(join(folder, 'resolve'), 'db'))).toEqual(['10.88.1.3'])
      await expect(resolved(join(folder, 'resolve'), '-')).rejects.toThrow()
    })
  })

  it('of Node.js finds names, and names of addresses', async () => {
    const program = `
      const resolver = new (require('node:dns').promises.Resolver)()
      Promise.all([resolver.resolve4('web', { ttl: true }), resolver.resolve6('web'), resolver.reverse('10.88.1.3'),
        resolver.resolve6('db').catch((error) => error.code), resolver.resolve4('nobody').catch((error) => error.code)])
        .then((found) => console.log(JSON.stringify([...found, resolver.getServers()])))`
    const found = JSON.parse(await resolved(process.execPath, '-e', program)) as unknown
    const v4 = [{ address: '10.88.1.2', ttl: 600 }]
    expect(found).toEqual([v4, ['fd88:1::2'], ['db.net1'], 'ENODATA', 'ESERVFAIL', ['127.0.0.11']])
  })
})

const muslClient = `
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
int main(int argc, char **argv) {
  struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list;
  char text[64];
  if (getaddrinfo(argv[1], "80", &hints, &list)) return 1;
  for (; list; list = list->ai_next) {
    if (getnameinfo(list->ai_addr, list->ai_addrlen, text, sizeof text, 0, 0, NI_NUMERICHOST)) return 2;
    puts(text);
  }
}
`
