import { describe, expect, it } from 'vitest'
import type { ResolvConf } from '../../../../src/container/dns/index.js'
import type { NetworkRecord, Pool } from '../../../../src/container/model/network.js'
import {
  fileContents,
  nameEntries,
  namingView,
  resolverSettings
} from '../../../../src/container/naming/view.js'
import {
  MemoryStore,
  putEndpoint,
  putNetwork,
  putSandbox,
  randomId
} from '../../../../src/container/state/index.js'
import { endpointRecord, networkRecord, sandboxRecord } from '../records.js'

const host: ResolvConf = {
  servers: ['192.0.2.53', '127.0.0.53'],
  search: ['example.org'],
  options: [],
  other: []
}

const pool = (number: number): Pool => ({
  ...{ family: 'inet', subnet: `10.88.${number}.0/24`, gateway: `10.88.${number}.1` }
})

async function stateOf(sandboxFields: Parameters<typeof sandboxRecord>[0], names: readonly string[]) {
  const store = new MemoryStore()
  const sandbox = sandboxRecord({ id: randomId(), name: 'web', hostname: 'box', ...sandboxFields })
  const networks: NetworkRecord[] = [...new Set(['bridge', ...names])].map((name, number) =>
    networkRecord({ name, driver: 'bridge', internal: name.startsWith('internal'), pools: [pool(number)] })
  )
  await store.write((transaction) => {
    putSandbox(transaction, sandbox)
    networks.forEach((network, number) => {
      putNetwork(transaction, network)
      if (!names.includes(network.name)) return
      const fields = { aliases: ['www'], address: `10.88.${number}.2`, phase: 'connected' } as const
      putEndpoint(transaction, endpointRecord({ networkId: network.id, sandboxId: sandbox.id, ...fields }))
    })
  })
  const view = store.read((transaction) => namingView(transaction, sandbox.id))!
  return { sandbox, networks, view }
}

describe('how a sandbox resolves names', () => {
  it('by the resolver on networks that users made, with its names on each', async () => {
    const { sandbox, networks, view } = await stateOf({ extraHosts: ['gate:host-gateway'] }, ['b', 'a'])
    const [, b, a] = networks
    expect(nameEntries(view)).toMatchObject([
      { networkName: 'a', names: ['web', 'www', sandbox.id.slice(0, 12), 'box'], address: '10.88.2.2' },
      { networkName: 'b', names: ['web', 'www', sandbox.id.slice(0, 12), 'box'], address: '10.88.1.2' }
    ])
    expect(resolverSettings(view, host)).toMatchObject({
      networkIds: [a!.id, b!.id],
      upstreams: [
        { address: '192.0.2.53', from: 'host' },
        { address: '127.0.0.53', from: 'host' }
      ]
    })
    const { resolvConf, hosts, hostname } = fileContents(view, host)
    expect(resolvConf).toMatch(/^nameserver 127\.0\.0\.11$/m)
    expect(hosts).toMatch(/^10\.88\.2\.2\tbox$/m)
    expect(hosts).toMatch(/^10\.88\.1\.2\tbox$/m)
    expect(hosts).toMatch(/^10\.88\.2\.1\tgate$/m)
    expect(hostname).toBe('box\n')
  })

  it('by the servers of the host elsewhere, without names', async () => {
    const { view } = await stateOf({}, ['bridge'])
    expect(nameEntries(view)).toEqual([])
    expect(resolverSettings(view, host)).toBeUndefined()
    const { resolvConf } = fileContents(view, host)
    expect(resolvConf).toMatch(/^nameserver 192\.0\.2\.53$/m)
    expect(resolvConf).not.toContain('127.0.0.')
  })

  it('as the host in its namespace', async () => {
    const { view } = await stateOf({ hostNamespace: true }, [])
    expect(fileContents(view, host).resolvConf).toMatch(/^nameserver 127\.0\.0\.53$/m)
  })

  it('and asks nobody outside where all its networks are internal', async () => {
    expect(resolverSettings((await stateOf({}, ['internal1', 'internal2'])).view, host)?.upstreams).toEqual(
      []
    )
    expect(resolverSettings((await stateOf({}, ['internal1', 'other'])).view, host)?.upstreams).toHaveLength(
      2
    )
  })
})
