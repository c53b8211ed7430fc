/** Published ports of SCTP, for which Node.js has no sockets: Python has. */
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { execute } from '../../../setup/namespace.js'
import { needs, needsKind, needsProgram } from '../../../setup/requirements.js'
import { Lab, families, hostAddress, loopbackAddress, outsideAddress, published } from './lab.js'
import type { Machine } from './lab.js'

const serve = `
import socket, sys
server = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET, socket.SOCK_STREAM, 132)
server.bind((sys.argv[1], 80))
server.listen()
print('ready', flush=True)
while True:
    client, address = server.accept()
    client.recv(100)
    client.send(('web ' + address[0]).encode())
    client.close()
`

/** Asks at each address that it reads, for at most so many seconds, and prints what it is told. */
const ask = `
import socket, sys
for line in sys.stdin:
    address, seconds = line.split()
    client = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_STREAM, 132)
    client.settimeout(float(seconds))
    try:
        client.connect((address, 8080))
        client.send(b'?')
        print(client.recv(100).decode(), flush=True)
    except (TimeoutError, ConnectionError):
        print('nobody', flush=True)
    client.close()
`

const socket = 'import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)'

/** The kernel speaks SCTP. */
const sctp = async (): Promise<string | undefined> => {
  try {
    await execute('python3', ['-c', socket])
    return undefined
  } catch {
    return 'the kernel has no SCTP'
  }
}

/** A process that is told by lines and answers by lines. */
interface Talker extends AsyncDisposable {
  tell(line: string): Promise<string>
}

async function talker({ namespace }: Machine, ...args: string[]): Promise<Talker> {
  const process = await namespace.spawn('python3', ['-c', ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const reader = createInterface({ input: process.stdout! })
  const lines = reader[Symbol.asyncIterator]()
  return {
    async tell(line) {
      process.stdin!.write(line)
      return (await lines.next()).value as string
    },
    async [Symbol.asyncDispose]() {
      process.kill('SIGKILL')
      await process.exited
      reader.close()
    }
  }
}

describe('a published port of sctp', () => {
  needsKind('veth', 'bridge')
  needsProgram('nsenter', 'python3')
  needs(sctp)

  it.each(families)('is reached over %s', async (family) => {
    await using lab = await Lab.open()
    const network = await lab.network(1)
    const web = await lab.container(network, 2)
    const neighbour = await lab.container(network, 3)
    await using server = await talker(web, serve, web.address[family])
    await using outside = await talker(lab.outside, ask)
    await using host = await talker(lab.host, ask)
    await using beside = await talker(neighbour, ask)
    await using itself = await talker(web, ask)
    expect(await server.tell('')).toBe('ready')
    const port = published(web, family, { protocol: 'sctp', hostPort: 8080, containerPort: 80 })
    await lab.firewall.publish([port])
    const there = `${hostAddress[family]} 10\n`
    expect(await outside.tell(there)).toBe(`web ${outsideAddress[family]}`)
    expect(await host.tell(there)).toContain('web')
    expect(await host.tell(`${loopbackAddress[family]} 10\n`)).toBe(`web ${network.address[family]}`)
    expect(await beside.tell(there)).toBe(`web ${network.address[family]}`)
    expect(await itself.tell(there)).toBe(`web ${network.address[family]}`)
    await lab.firewall.withdraw([port])
    expect(await outside.tell(`${hostAddress[family]} 1\n`)).toBe('nobody')
  })
})
