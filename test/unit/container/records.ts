/** Records for tests, complete but for what a test says. */
import type { EndpointRecord } from '../../../src/container/model/endpoint.js'
import type { NetworkRecord } from '../../../src/container/model/network.js'
import type { SandboxRecord } from '../../../src/container/model/sandbox.js'
import { currentBoot, randomId } from '../../../src/container/state/index.js'

export function networkRecord(fields: Partial<NetworkRecord> = {}): NetworkRecord {
  return {
    id: randomId(),
    name: 'network',
    driver: 'bridge',
    addressManager: 'default',
    created: 0,
    ipv4: true,
    ipv6: false,
    internal: false,
    pools: [],
    labels: {},
    driverOptions: {},
    phase: 'ready',
    ...fields
  }
}

export function sandboxRecord(fields: Partial<SandboxRecord> = {}): SandboxRecord {
  const id = fields.id ?? randomId()
  return {
    id,
    name: id.slice(0, 12),
    hostname: id.slice(0, 12),
    created: 0,
    namespacePath: `/run/netns/${id.slice(0, 12)}`,
    ownNamespace: true,
    bootId: currentBoot(),
    dns: {},
    extraHosts: [],
    sysctls: {},
    labels: {},
    phase: 'ready',
    ...fields
  }
}

export function endpointRecord(
  fields: Partial<EndpointRecord> & Pick<EndpointRecord, 'networkId' | 'sandboxId'>
): EndpointRecord {
  return {
    id: randomId(),
    driver: 'bridge',
    created: 0,
    linkLocalAddresses: [],
    aliases: [],
    ports: [],
    gatewayPriority: 0,
    sysctls: {},
    bootId: currentBoot(),
    phase: 'connected',
    ...fields
  }
}
