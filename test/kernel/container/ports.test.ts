/** Published ports through the whole of it; what the rules do is tested where they are made. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../src/container/index.js'
import { execute } from '../../setup/namespace.js'
import { missing, needsKind, needsProgram, program, skipUnless } from '../../setup/requirements.js'
import type { Requirement } from '../../setup/requirements.js'
import { Lab, hostAddress, outsideAddress, secondAddress } from './lab.js'
import type { Family } from './lab.js'

const ways = [
  ['tcp', 'inet'],
  ['tcp', 'inet6'],
  ['udp', 'inet'],
  ['udp', 'inet6']
] as const

/** The kernel can hand what is bridged to the rules of IP (br_netfilter), as it does where Docker is. */
function bridgeNetfilter(): Requirement {
  return async () =>
    existsSync('/proc/sys/net/bridge') ? undefined : 'the kernel has no br_netfilter loaded'
}

/** The kernel has the protocol, built in or as a module that it can load. */
function sctp(): Requirement {
  const open = 'import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)'
  return () =>
    execute('python3', ['-c', open]).then(
      () => undefined,
      () => 'the kernel has no sctp'
    )
}

const loopback = { inet: '127.0.0.1', inet6: '::1' } as const

describe('published ports', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft')
  let lab: Lab
  let sandbox: Sandbox

  beforeEach(async () => {
    lab = await Lab.open()
    await lab.networks.networks.create({ name: 'web', ipv6: true })
    sandbox = await lab.networks.sandboxes.create({ name: 'web' })
    for (const family of ['inet', 'inet6'] as const) {
      for (const port of [80, 81, 82]) await lab.serve(sandbox, `port ${port}`, port, family)
    }
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  const both = ways.flatMap((way) => [0, 1].map((calls) => [...way, calls] as const))
  it.for(both)('of %s over %s are reached from everywhere (bridge-nf-call %i)', async (way, context) => {
    const [protocol, family, calls] = way
    if (calls === 1) await skipUnless(context, bridgeNetfilter())
    if ((await missing(bridgeNetfilter())) === undefined) {
      const { sysctl } = lab.host.namespace
      for (const rules of ['iptables', 'ip6tables'])
        await sysctl.set(`net.bridge.bridge-nf-call-${rules}`, calls)
    }
    await sandbox.connect('web', { ports: [`8080:80/${protocol}`] })
    const other = await lab.sandbox('web')
    await lab.networks.networks.create({ name: 'elsewhere', ipv6: true })
    const stranger = await lab.sandbox('elsewhere')
    for (const from of [lab.outside, lab.host, sandbox, other, stranger]) {
      expect(await lab.ask(from, protocol, hostAddress[family], 8080)).toContain('port 80')
    }
    expect(await lab.ask(lab.outside, protocol, hostAddress[family], 8080)).toBe(
      `port 80 ${outsideAddress[family]}`
    )
    expect(await lab.ask(lab.host, protocol, loopback[family], 8080)).toContain('port 80')
    await sandbox.disconnect('web')
    expect(await lab.tries(lab.outside, protocol, hostAddress[family], 8080)).toBeUndefined()
  })

  it('of sctp are reached from outside, and from the host', async (context) => {
    await skipUnless(context, program('python3'), sctp())
    const serve = `
import socket
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
listener.bind(('', 80))
listener.listen()
print('ready', flush=True)
while True:
  connection, (address, port) = listener.accept()
  connection.send(address.encode())
  connection.close()`
    const ask = (address: string) => `
import socket
connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
connection.settimeout(5)
connection.connect(('${address}', 8080))
print(connection.recv(100).decode())`
    await sandbox.connect('web', { ports: ['8080:80/sctp'] })
    using server = await sandbox.spawn('python3', ['-c', serve])
    await once(server.stdout!, 'data')
    expect((await lab.run(lab.outside, 'python3', '-c', ask(hostAddress.inet))).trim()).toBe(
      outsideAddress.inet
    )
    expect(await lab.run(lab.host, 'python3', '-c', ask('127.0.0.1'))).toContain('.')
  })

  it('in ranges, and at ports that are chosen', async () => {
    const { ports } = await sandbox.connect('web', { ports: ['9000-9002:80-82', { containerPort: 81 }] })
    for (const offset of [0, 1, 2]) {
      expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet, 9000 + offset)).toContain(
        `port ${80 + offset}`
      )
    }
    const chosen = ports.filter(({ hostPort }) => hostPort > 9002)
    expect(chosen.map(({ hostAddress: address }) => address)).toEqual(['0.0.0.0', '::'])
    expect(chosen[0]!.hostPort).toBe(chosen[1]!.hostPort)
    expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet6, chosen[0]!.hostPort)).toContain('port 81')
  })

  it.each<[Family, string]>([
    ['inet', '172.16.0.1'],
    ['inet6', '[fd16::1]']
  ])('at one address of %s are reached there and not elsewhere', async (family, address) => {
    await sandbox.connect('web', { ports: [`${address}:8080:80`] })
    expect(await lab.ask(lab.outside, 'tcp', hostAddress[family], 8080)).toContain('port 80')
    expect(await lab.tries(lab.outside, 'tcp', secondAddress[family], 8080)).toBeUndefined()
    expect(await lab.tries(lab.host, 'tcp', loopback[family], 8080)).toBeUndefined()
  })

  it('at a loopback address are not reached from outside', async () => {
    await sandbox.connect('web', { ports: ['127.0.0.1:8080:80'] })
    expect(await lab.ask(lab.host, 'tcp', '127.0.0.1', 8080)).toContain('port 80')
    await lab.outside.stack.routes.add({
      destination: '127.0.0.1/32',
      gateway: hostAddress.inet,
      table: 'main'
    })
    expect(await lab.tries(lab.outside, 'tcp', hostAddress.inet, 8080)).toBeUndefined()
  })

  it('are reached where the default route is another network, and the host filters strictly', async () => {
    const { sysctl } = lab.host.namespace
    await sysctl.setMany({ 'net.ipv4.conf.all.rp_filter': 1, 'net.ipv4.conf.default.rp_filter': 1 })
    const { networks } = lab.networks
    for (const name of ['pub', 'way-out']) await networks.create({ name, ipv6: true })
    await sandbox.connect('pub', { ports: ['8080:80'] })
    await sandbox.connect('way-out', { gatewayPriority: 1 })
    for (const family of ['inet', 'inet6'] as const) {
      expect(await lab.ask(lab.outside, 'tcp', hostAddress[family], 8080)).toContain('port 80')
      expect(await lab.ask(lab.host, 'tcp', hostAddress[family], 8080)).toContain('port 80')
    }
    // The host's own links stay as strict as they were.
    expect(await sysctl.get('net.ipv4.conf.uplink.rp_filter')).not.toBe(2)
  })

  it('are all that is reached from outside', async () => {
    const { address } = await sandbox.connect('web', { ports: ['8080:80'] })
    expect(await lab.tries(lab.outside, 'tcp', address!.split('/')[0]!, 81)).toBeUndefined()
  })

  it('are not given where a program of the host listens, or chosen there', async () => {
    await lab.serve(lab.host, 'host', 8080)
    await expect(sandbox.connect('web', { ports: ['8080:80'] })).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE'
    })
    expect(await sandbox.endpoints()).toEqual([])
    const { ports } = await sandbox.connect('web', { ports: ['8080-8081:80'] })
    expect(ports.map(({ hostPort }) => hostPort)).toEqual([8081, 8081])
    expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet, 8080)).toContain('host')
  })

  it('many of one sandbox, and of many', async () => {
    await sandbox.connect('web', { ports: ['10000-10199:10000-10199'] })
    await lab.serve(sandbox, 'last', 10199)
    expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet, 10199)).toContain('last')
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, i) => lab.sandbox('web', { ports: [`${11000 + i}:80`] }))
    )
    await lab.serve(others[7]!, 'seventh', 80)
    expect(await lab.ask(lab.outside, 'tcp', hostAddress.inet, 11007)).toContain('seventh')
    await Promise.all(others.map(({ id }) => lab.networks.sandboxes.remove(id, { force: true })))
    expect(await lab.rules()).not.toContain('11007')
    expect(await lab.rules()).toContain('10199')
  })
})
