/** The table put right after others have been at it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FirewallNetwork, PublishedPort } from '../../../../src/container/firewall/index.js'
import { NftablesFirewall } from '../../../../src/container/firewall/index.js'
import { NetworkStack, nft } from '../../../../src/index.js'
import { needsConntrack, needsKind, needsProgram } from '../../../setup/requirements.js'
import {
  Lab,
  families,
  hostAddress,
  loopbackAddress,
  outsideAddress,
  published,
  secondAddress
} from './lab.js'
import type { Bridge, Container } from './lab.js'

describe('reconcile', () => {
  needsKind('veth', 'bridge')
  needsProgram('nft', 'nsenter')
  needsConntrack()
  let lab: Lab
  let one: Bridge
  let two: Bridge
  let inner: Bridge
  let web: Container
  let networks: FirewallNetwork[]
  let ports: PublishedPort[]

  beforeEach(async () => {
    lab = await Lab.open()
    one = await lab.network(1, { outboundAddress: secondAddress.inet })
    two = await lab.network(2, { interContainer: false, masquerade: false })
    inner = await lab.network(3, { internal: true })
    web = await lab.container(one, 2)
    await lab.serve(web, 'web', 80)
    networks = [one, two, inner].map(({ spec }) => spec)
    ports = families.flatMap((family) => [
      published(web, family, { protocol: 'tcp', hostPort: 8080, containerPort: 80 }),
      published(web, family, { protocol: 'udp', hostPort: 8080, containerPort: 80 }),
      published(web, family, { protocol: 'sctp', hostPort: 8080, containerPort: 80 }),
      published(web, family, {
        protocol: 'tcp',
        hostAddress: hostAddress[family],
        hostPort: 81,
        containerPort: 80
      }),
      published(web, family, {
        protocol: 'tcp',
        hostAddress: loopbackAddress[family],
        hostPort: 82,
        containerPort: 80
      })
    ])
    await lab.firewall.publish(ports)
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  const listed = () => lab.nft('list ruleset')
  const reconcile = () => lab.firewall.reconcile(networks, ports)

  it('changes nothing where everything is right', async () => {
    const { nftables } = lab.host.stack
    const { id } = await nftables.generation()
    expect(await reconcile()).toBe(false)
    expect((await nftables.generation()).id).toBe(id)
  })

  it.each([
    ['all of it was flushed', 'flush ruleset'],
    ['the rules were flushed', 'flush table inet netloom'],
    ['a rule was put in', 'insert rule inet netloom into-000000000001 accept'],
    ['a chain was flushed', 'flush chain inet netloom published'],
    ['a chain was added', 'add chain inet netloom x'],
    [
      'a base chain was added',
      'add chain inet netloom x { type filter hook forward priority 1; policy drop; }'
    ],
    ['a policy was changed', 'add chain inet netloom forward { policy drop; }'],
    ['a port was deleted', 'delete element inet netloom dnat_any4 { tcp . 8080 }'],
    ['a port was added', 'add element inet netloom dnat_any6 { tcp . 1 : fd00::1 . 1 }'],
    [
      'a port leads elsewhere',
      'delete element inet netloom dnat_any4 { tcp . 8080 }; add element inet netloom dnat_any4 { tcp . 8080 : 10.0.0.1 . 80 }'
    ],
    ['a source was deleted', 'delete element inet netloom loopback4 { tcp . 127.0.0.1 . 82 }'],
    ['a subnet was deleted', 'delete element inet netloom leaving4 { 10.88.1.0/24 }'],
    ['a bridge was deleted', 'delete element inet netloom into { "br2" }'],
    ['a bridge was added', 'add element inet netloom bridges { "br9" }'],
    ['a set was added', 'add set inet netloom x { type ipv4_addr; }'],
    ['a counter was added', 'add counter inet netloom x'],
    ['the table sleeps', 'add table inet netloom { flags dormant; }']
  ])('mends the table where %s', async (_what, commands) => {
    const before = await listed()
    await lab.nft(commands)
    expect(await listed()).not.toBe(before)
    expect(await reconcile()).toBe(true)
    expect(await listed()).toBe(before)
    expect(await reconcile()).toBe(false)
    for (const family of families) {
      expect(await lab.ask(lab.outside, 'tcp', hostAddress[family], 8080)).toBe(
        `web ${outsideAddress[family]}`
      )
      expect(await lab.ask(lab.host, 'tcp', loopbackAddress[family], 82)).toContain('web')
    }
  })

  it('takes a table for right that nft has listed and put back', async () => {
    const saved = await listed()
    const file = join(await mkdtemp(join(tmpdir(), 'netloom-')), 'ruleset')
    try {
      await writeFile(file, `flush ruleset\n${saved}`)
      await lab.run(lab.host, 'nft', '-f', file)
    } finally {
      await rm(dirname(file), { recursive: true })
    }
    expect(await reconcile()).toBe(false)
    expect(await listed()).toBe(saved)
  })

  it('sees each rule that was changed in its place', async () => {
    const before = await listed()
    const { rules } = lab.host.stack.nftables
    const place = { family: 'inet', table: 'netloom' } as const
    const count = (await rules.list(place)).length
    for (let index = 0; index < count; index++) {
      const rule = (await rules.list(place))[index]!
      const { chain, comment, expressions } = rule
      const changed = { ...place, chain, comment, expressions: [nft.counter(), expressions] }
      await rules.replace(rule, changed)
      expect(await reconcile()).toBe(true)
      expect(await listed()).toBe(before)
    }
  })

  it('takes away what is no longer there, and ends its connections', async () => {
    const client = await lab.client(lab.outside, 'udp', hostAddress.inet, 8080)
    expect(await client.ask(5000)).toBe(`web ${outsideAddress.inet}`)
    ports = ports.filter(({ protocol }) => protocol === 'tcp')
    networks = networks.slice(0, 1)
    expect(await reconcile()).toBe(true)
    expect(await client.ask(300)).toBeUndefined()
    const rules = await listed()
    expect(rules).toContain('br1')
    expect(rules).not.toMatch(/br2|br3|udp/)
  })

  it('lets a flow find its port again that went past it', async () => {
    await lab.serve(lab.host, 'host', 8080, hostAddress.inet)
    await lab.nft('flush ruleset')
    // Something else must keep the kernel tracking connections.
    await lab.nft(
      'add table inet other; add chain inet other c { type filter hook input priority 0; }; add rule inet other c ct state new'
    )
    const client = await lab.client(lab.outside, 'udp', hostAddress.inet, 8080)
    expect(await client.ask(5000)).toContain('host')
    expect(await reconcile()).toBe(true)
    expect(await client.ask(5000)).toContain('web')
  })

  it('leaves no table where no network is left', async () => {
    expect(await lab.firewall.reconcile([], [])).toBe(true)
    expect(await listed()).toBe('')
    expect(await lab.firewall.reconcile([], [])).toBe(false)
  })

  it('of two processes at once ends with a whole table', async () => {
    const before = await listed()
    await lab.nft('flush ruleset')
    const results = await Promise.all([reconcile(), reconcile(), reconcile()])
    expect(results).toContain(true)
    expect(await listed()).toBe(before)
  })

  it('takes several transactions where one can not hold the table', async () => {
    const small = await NetworkStack.open({ namespace: lab.host.namespace, nftables: { sendBuffer: 32_768 } })
    try {
      const firewall = new NftablesFirewall({ stack: small, namespace: lab.host.namespace })
      const many = Array.from({ length: 1000 }, (_, i) =>
        published(web, 'inet', { protocol: 'tcp', hostPort: 20_000 + i, containerPort: 80 })
      )
      const { nftables } = lab.host.stack
      const { id } = await nftables.generation()
      expect(await firewall.reconcile(networks, many)).toBe(true)
      expect((await nftables.generation()).id).toBeGreaterThan(id + 1)
      expect(await lab.firewall.reconcile(networks, many)).toBe(false)
    } finally {
      await small.close()
    }
  })

  it('is not needed for a network to be made or removed where something is missing', async () => {
    await lab.nft('flush table inet netloom; delete set inet netloom bridges')
    await lab.firewall.ensureNetwork(two.spec)
    for (const network of networks) await lab.firewall.ensureNetwork(network)
    expect(await reconcile()).toBe(false)
    await lab.nft('flush chain inet netloom forward; delete map inet netloom from')
    await lab.firewall.withdraw(ports)
    for (const network of networks) await lab.firewall.removeNetwork(network)
    const left = await listed()
    expect(left).not.toMatch(/br\d|10\.88|fd10/)
  })

  it('is not needed for the last network to take the table with it', async () => {
    await lab.firewall.withdraw(ports)
    for (const network of networks) {
      expect(await listed()).not.toBe('')
      await lab.firewall.removeNetwork(network)
      await lab.firewall.removeNetwork(network)
    }
    expect(await listed()).toBe('')
  })
})
