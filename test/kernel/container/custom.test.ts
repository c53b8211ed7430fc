/** Drivers and address managers that users bring. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ContainerNetworks } from '../../../src/container/index.js'
import type { AddressManager, EndpointRecord, NetworkDriver, Pool } from '../../../src/container/index.js'
import { needsKind, needsProgram } from '../../setup/requirements.js'
import { Lab } from './lab.js'

const outerName = ({ id }: EndpointRecord) => `p-${id.slice(0, 11)}`

/** A cable for each sandbox, with a route to it: the host is the router. */
const cables: NetworkDriver = {
  name: 'cables',
  capabilities: { addresses: true, gateway: true, ports: false },
  plan: async (_host, options) => ({ mtu: Number(options.options?.['mtu'] ?? 1500) }),
  ensureNetwork: async () => undefined,
  removeNetwork: async () => undefined,
  async ensureEndpoint({ stack }, inside, { network, endpoint }) {
    const name = outerName(endpoint)
    const known = await stack.links.list({ name })
    if (known.length === 0) {
      const mtu = network.driverOptions['mtu'] as number
      const peer = { name: endpoint.interfaceName!, namespace: inside.namespace, mtu }
      await stack.links.add({ kind: 'veth', name, mtu, up: true, peer })
      await stack.addresses.add(name, `${network.pools[0]!.gateway}/32`)
      await inside.stack.links.set(endpoint.interfaceName!, { up: true })
      await inside.stack.addresses.add(endpoint.interfaceName!, `${endpoint.address}/24`)
      await stack.routes.add({ destination: `${endpoint.address}/32`, link: name })
    }
    return { hostInterfaceName: name }
  },
  async releaseEndpoint({ stack }, _inside, { endpoint }) {
    await stack.links.deleteMany([outerName(endpoint)], { ifMissing: 'skip' })
  },
  removeLinks: async () => undefined,
  defaultRoutes: ({ network }) => [{ family: 'inet', gateway: network.pools[0]!.gateway! }]
}

/** Gives out addresses from the end, and remembers only how far it has come. */
const backwards: AddressManager = {
  name: 'backwards',
  choosePool: (_transaction, { options }): Pool => ({
    ...{ family: 'inet', subnet: options.subnet ?? '10.99.0.0/24', gateway: '10.99.0.1' }
  }),
  takeAddress(transaction, networkId) {
    const left = transaction.get<number>(`backwards/${networkId}`) ?? 254
    transaction.put(`backwards/${networkId}`, left - 1)
    return `10.99.0.${left}`
  },
  releaseAddress: () => undefined,
  releaseNetwork: (transaction, networkId) => void transaction.delete(`backwards/${networkId}`),
  listAddresses: () => new Map()
}

describe('what users bring', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft', 'ping')
  let lab: Lab
  let stateDirectory: string

  beforeEach(async () => {
    lab = await Lab.open(false)
    stateDirectory = await lab.directory()
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  it('makes networks beside those of netloom', async () => {
    const open = { stateDirectory, drivers: [cables], addressManagers: [backwards] }
    const networks = await lab.networksOf(open)
    await networks.networks.create({
      ...{ name: 'cabled', driver: 'cables', addressManager: 'backwards', options: { mtu: '1400' } }
    })
    await networks.networks.create({ name: 'web' })
    const one = await networks.sandboxes.create({ name: 'one' })
    expect(await one.connect('cabled')).toMatchObject({ address: '10.99.0.254/24', gateway: '10.99.0.1' })
    const two = await networks.sandboxes.create({ name: 'two' })
    const { address, hostInterfaceName } = await two.connect('cabled', { aliases: ['db'] })
    expect(address).toBe('10.99.0.253/24')
    expect((await lab.host.stack.links.get(hostInterfaceName!)).mtu).toBe(1400)
    expect(await lab.pings(lab.host, '10.99.0.253')).toBe(true)
    expect(await lab.run(one, 'getent', 'hosts', 'db')).toContain('10.99.0.253')
    await expect(one.disconnect('web')).rejects.toMatchObject({ code: 'ERR_ENDPOINT_NOT_FOUND' })
    expect(await networks.reconcile()).toMatchObject({ firewall: false, removed: [] })

    // Who doesn't know the driver leaves its networks alone, and says so where it must.
    const other = await ContainerNetworks.open({
      host: lab.host.namespace,
      stateDirectory,
      nameService: false
    })
    const known = await other.sandboxes.get('one')
    await known.connect('web')
    expect((await known.endpoints()).map(({ networkName }) => networkName)).toEqual(['cabled', 'web'])
    const { stack } = await lab.inside(known)
    const routes = await stack.routes.list({ destination: 'default', family: 'inet' })
    expect(routes.map(({ gateway }) => gateway)).toEqual(['10.99.0.1'])
    await expect(known.disconnect('cabled')).rejects.toMatchObject({ name: 'TypeError' })
    await other.close()

    for (const { id } of [one, two]) await networks.sandboxes.remove(id, { force: true })
    for (const name of ['web', 'cabled']) await networks.networks.remove(name)
    await networks.settled()
    expect(await lab.links()).toEqual([])
  })

  it('can not take the names that are taken', async () => {
    const host = lab.host.namespace
    const driver = { ...cables, name: 'bridge' }
    await expect(ContainerNetworks.open({ host, drivers: [driver] })).rejects.toMatchObject({
      field: 'drivers[0].name'
    })
    await expect(ContainerNetworks.open({ host, addressManagers: [{} as never] })).rejects.toMatchObject({
      field: 'addressManagers[0].name'
    })
    await expect(ContainerNetworks.open({ host, drivers: 'bridge' as never })).rejects.toMatchObject({
      field: 'drivers'
    })
    await expect(ContainerNetworks.open({ host: {} as never })).rejects.toMatchObject({ field: 'host' })
    await expect(
      ContainerNetworks.open({ host, defaultPools: [{ base: '10.0.0.0/8', size: 4 }] })
    ).rejects.toMatchObject({ field: 'defaultPools[0].size' })
    await expect(ContainerNetworks.open({ host, stateDirectory: '' })).rejects.toMatchObject({
      field: 'stateDirectory'
    })
    const aborted = AbortSignal.abort(new Error('never mind'))
    await expect(ContainerNetworks.open({ host, signal: aborted })).rejects.toThrow('never mind')
  })
})
