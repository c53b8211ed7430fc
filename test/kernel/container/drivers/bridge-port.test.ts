import { describe, expect, it } from 'vitest'
import { bridgeDriver as driver } from '../../../../src/container/drivers/bridge/driver.js'
import type { BridgeNetworkOptions } from '../../../../src/container/drivers/bridge/options.js'
import { needs, needsProgram } from '../../../setup/requirements.js'
import type { Requirement } from '../../../setup/requirements.js'
import { endpointOf, machine, planned } from './machine.js'
import type { Machine } from './machine.js'

/** The kernel hands bridged packets to the rules of IP where it is asked to (br_netfilter). */
const bridgeNetfilter: Requirement = async () => {
  await using m = await machine()
  const { sysctl } = m.host.namespace
  return sysctl.get('net.bridge.bridge-nf-call-iptables').then(
    () => undefined,
    () => 'br_netfilter is not loaded'
  )
}

/** Two sandboxes on a network of their own, and their ports. */
async function two(m: Machine, bridge: BridgeNetworkOptions) {
  const network = await planned(driver, m.host, { bridge })
  await driver.ensureNetwork(m.host, network)
  const [one, other] = [await m.sandbox(), await m.sandbox()]
  const [first, second] = [endpointOf(network), endpointOf(network)]
  await driver.ensureEndpoint(m.host, one, first)
  await driver.ensureEndpoint(m.host, other, second)
  const [printed] = await m.host.ns.json(
    'bridge',
    '-j',
    '-d',
    'link',
    'show',
    'dev',
    `veth${first.endpoint.id.slice(0, 11)}`
  )
  return {
    port: printed,
    reach: async () => ({
      inet: await one.ping(second.endpoint.address!),
      inet6: await one.ping(second.endpoint.address6!),
      gateway: await one.ping('10.88.0.1')
    })
  }
}

async function callRules(m: Machine, value: 0 | 1): Promise<void> {
  for (const rules of ['iptables', 'ip6tables'] as const)
    await m.host.namespace.sysctl.set(`net.bridge.bridge-nf-call-${rules}`, value)
}

describe('a port of a bridge', () => {
  needsProgram('bridge', 'ping')

  it('is isolated where containers are kept apart', async () => {
    await using m = await machine()
    await callRules(m, 0).catch(() => undefined)
    const { port, reach } = await two(m, { interContainer: false })
    expect(port).toMatchObject({ isolated: true, hairpin: false })
    expect(await reach()).toEqual({ inet: false, inet6: false, gateway: true })
  })

  it('is not isolated otherwise', async () => {
    await using m = await machine()
    await callRules(m, 0).catch(() => undefined)
    const { port, reach } = await two(m, { interContainer: true })
    expect(port).toMatchObject({ isolated: false, hairpin: false })
    expect(await reach()).toEqual({ inet: true, inet6: true, gateway: true })
  })
})

describe('a port of a bridge whose packets the rules of IP see', () => {
  needsProgram('bridge')
  needs(bridgeNetfilter)

  it.each([true, false])(
    'sends back where it came from, and is not isolated (interContainer %s)',
    async (open) => {
      await using m = await machine()
      await callRules(m, 1)
      const { port } = await two(m, { interContainer: open })
      expect(port).toMatchObject({ isolated: false, hairpin: true })
    }
  )

  it('sends back where it came from if its own bridge says so', async () => {
    await using m = await machine()
    await callRules(m, 0)
    const { stack } = m.host
    const bridge = { nfCallIptables: true, nfCallIp6tables: true }
    await stack.links.add({ kind: 'bridge', name: 'br0', bridge })
    const { port } = await two(m, { name: 'br0', existing: true, interContainer: false })
    expect(port).toMatchObject({ isolated: false, hairpin: true })
  })

  it('is isolated where only IPv4 is seen', async () => {
    await using m = await machine()
    await callRules(m, 0)
    await m.host.namespace.sysctl.set('net.bridge.bridge-nf-call-iptables', 1)
    const { port } = await two(m, { interContainer: false })
    expect(port).toMatchObject({ isolated: true, hairpin: true })
  })
})
