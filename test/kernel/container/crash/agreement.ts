/** Whether what is known of container networks, and what there is in the kernel, is the same. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ContainerNetworks } from '../../../../src/container/index.js'
import {
  LmdbStore,
  keys,
  listEndpoints,
  listNetworks,
  listSandboxes
} from '../../../../src/container/state/index.js'
import type { ReadTransaction } from '../../../../src/container/state/index.js'
import { NetworkStack } from '../../../../src/index.js'
import type { Machine } from '../lab.js'

/** Expects that nothing is lost, and nothing is left, of what a state directory knows. */
export async function expectAgreement(
  networks: ContainerNetworks,
  host: Machine,
  stateDirectory: string
): Promise<void> {
  await networks.settled()
  await expectStore(stateDirectory)
  const known = await networks.networks.list()
  const inspections = await Promise.all(known.map(({ id }) => networks.networks.inspect(id)))
  const endpoints = inspections.flatMap((network) => network.endpoints)
  const sandboxes = await networks.sandboxes.list()

  const links = (await host.stack.links.list()).filter(({ name }) => name !== 'lo' && name !== 'uplink')
  // The default one is there if it was used.
  const defaultBridge = inspections.find(({ name }) => name === 'bridge')!.bridge
  const bridges = inspections.flatMap(({ bridge }) => bridge ?? []).filter((name) => name !== defaultBridge)
  const namesOf = (wanted: typeof links) => wanted.map(({ name }) => name).sort()
  expect(namesOf(links.filter(({ kind, name }) => kind === 'bridge' && name !== defaultBridge))).toEqual(
    bridges.sort()
  )
  expect(namesOf(links.filter(({ kind }) => kind !== 'bridge'))).toEqual(
    endpoints.map(({ hostInterfaceName }) => hostInterfaceName).sort()
  )

  const named = (await readdir('/run/netns')).filter((name) => name.startsWith('netloom-'))
  expect(named.sort()).toEqual(sandboxes.map(({ id }) => `netloom-${id.slice(0, 12)}`).sort())
  const folders = await readdir(join(stateDirectory, 'sandboxes')).catch(() => [])
  expect(folders.sort()).toEqual(sandboxes.map(({ id }) => id).sort())

  for (const sandbox of sandboxes) {
    await using stack = await NetworkStack.open({ namespace: { path: sandbox.namespacePath } })
    const inside = await stack.links.list()
    const own = await sandbox.endpoints()
    expect(namesOf(inside)).toEqual(['lo', ...own.map(({ interfaceName }) => interfaceName!)].sort())
    expect(inside.every(({ up }) => up)).toBe(true)
    const addresses = await stack.addresses.list({ scope: 'global' })
    expect(addresses.map(({ address }) => address).sort()).toEqual(
      own.flatMap(({ address, address6 }) => [address ?? [], address6 ?? []].flat()).sort()
    )
    const routes = await stack.routes.list({ destination: 'default', family: 'inet' })
    const gateways = own.flatMap(({ gateway }) => gateway ?? [])
    expect(routes.map(({ gateway }) => gateway)).toEqual(gateways.slice(0, 1))
  }
}

/** Expects that the records of a state directory fit together, and that nothing is taken for nobody. */
async function expectStore(stateDirectory: string): Promise<void> {
  const store = await LmdbStore.open(stateDirectory)
  try {
    store.read((transaction) => {
      const networks = listNetworks(transaction)
      const sandboxes = listSandboxes(transaction)
      const endpoints = listEndpoints(transaction)
      const phases = [...networks, ...sandboxes].map(({ phase }) => phase)
      expect(phases.filter((phase) => phase !== 'ready')).toEqual([])
      expect(endpoints.map(({ phase }) => phase).filter((phase) => phase !== 'connected')).toEqual([])
      const ids = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id)
      expect(ids(networks)).toEqual(expect.arrayContaining(endpoints.map(({ networkId }) => networkId)))
      expect(ids(sandboxes)).toEqual(expect.arrayContaining(endpoints.map(({ sandboxId }) => sandboxId)))
      const expectKeys = (prefix: string, wanted: readonly string[]) =>
        expect(keysUnder(transaction, prefix).sort()).toEqual([...wanted].sort())
      expectKeys(
        'network-name/',
        networks.map(({ name }) => keys.networkName(name))
      )
      expectKeys(
        'sandbox-name/',
        sandboxes.map(({ name }) => keys.sandboxName(name))
      )
      expectKeys(
        'network-endpoint/',
        endpoints.map(({ id, networkId }) => keys.networkEndpoint(networkId, id))
      )
      expectKeys(
        'sandbox-endpoint/',
        endpoints.map(({ id, sandboxId }) => keys.sandboxEndpoint(sandboxId, id))
      )
      expectKeys(
        'address/',
        endpoints.flatMap(({ networkId, address, address6 }) =>
          [address, address6].flatMap((each) => (each === undefined ? [] : keys.address(networkId, each)))
        )
      )
      expectKeys(
        keys.ports,
        endpoints.flatMap(({ ports }) =>
          ports.map(({ protocol, hostPort, hostAddress }) => keys.port(protocol, hostPort, hostAddress))
        )
      )
    })
  } finally {
    await store.close()
  }
}

function keysUnder(transaction: ReadTransaction, prefix: string): string[] {
  return [...transaction.list(prefix)].map(([key]) => key)
}
