import { describe, expect, it } from 'vitest'
import { firewallNetwork, publishedPorts } from '../../../../src/container/drivers/bridge/firewall-network.js'
import type { EndpointRecord } from '../../../../src/container/model/endpoint.js'
import type { NetworkRecord } from '../../../../src/container/model/network.js'

const network = {
  id: 'f'.repeat(64),
  internal: false,
  pools: [
    { family: 'inet', subnet: '10.87.0.0/16', gateway: '10.87.0.1' },
    { family: 'inet', subnet: '10.88.0.0/16', gateway: '10.88.0.1' },
    { family: 'inet6', subnet: 'fd00:88::/64', gateway: 'fd00:88::1' }
  ],
  driverOptions: { name: 'br0', interContainer: false, masquerade: true, outboundAddress: '192.0.2.1' }
} as unknown as NetworkRecord

const port = { protocol: 'tcp', hostPort: 8080, containerPort: 80 } as const
const endpoint = {
  address: '10.88.0.2',
  address6: 'fd00:88::2',
  ports: [
    { ...port, hostAddress: '0.0.0.0' },
    { ...port, hostAddress: '::1' }
  ]
} as unknown as EndpointRecord

describe('what the firewall is told', () => {
  it('of a network is what its record says', () => {
    expect(firewallNetwork(network)).toEqual({
      id: network.id,
      bridge: 'br0',
      subnets: ['10.87.0.0/16', '10.88.0.0/16', 'fd00:88::/64'],
      internal: false,
      interContainer: false,
      masquerade: true,
      outboundAddress: '192.0.2.1',
      outboundAddress6: undefined
    })
  })

  it('of ports are the addresses of their families', () => {
    const common = { ...port, networkId: network.id }
    const ipv4 = {
      ...{ ...common, hostAddress: '0.0.0.0' },
      ...{ containerAddress: '10.88.0.2', bridgeAddress: '10.88.0.1' }
    }
    const ipv6 = {
      ...{ ...common, hostAddress: '::1' },
      ...{ containerAddress: 'fd00:88::2', bridgeAddress: 'fd00:88::1' }
    }
    expect(publishedPorts({ network, endpoint })).toEqual([ipv4, ipv6])
    expect(publishedPorts({ network, endpoint: { ...endpoint, address6: undefined } })).toEqual([ipv4])
    expect(publishedPorts({ network: { ...network, internal: true }, endpoint })).toEqual([])
  })
})
