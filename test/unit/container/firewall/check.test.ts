import { describe, expect, it } from 'vitest'
import { checkedNetwork, checkedNetworks, checkedPorts } from '../../../../src/container/firewall/check.js'
import { NftablesFirewall } from '../../../../src/container/firewall/index.js'
import type { FirewallNetwork, PublishedPort } from '../../../../src/container/firewall/index.js'

const id = 'a'.repeat(64)
const network: FirewallNetwork = {
  ...{ id, bridge: 'nl-0123456789ab', subnets: ['10.88.0.0/16', 'fd10:88::/64'] },
  ...{ internal: false, interContainer: true, masquerade: true }
}
const port: PublishedPort = {
  ...{ networkId: id, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 8080 },
  ...{ containerAddress: '10.88.0.2', containerPort: 80, bridgeAddress: '10.88.0.1' }
}

describe('a network of the firewall', () => {
  it('is given back in canonical text', () => {
    const given = { ...network, subnets: ['FD00:0:0::/64'], outboundAddress6: 'fd00:0::0001' }
    expect(checkedNetwork(given)).toEqual({ ...network, subnets: ['fd00::/64'], outboundAddress6: 'fd00::1' })
  })

  it.each([
    ['id', 'abc', TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['id', 5, TypeError, 'ERR_INVALID_ARG_TYPE'],
    ['bridge', 'br*', TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['bridge', 'a-very-long-name-of-a-bridge', TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['bridge', undefined, TypeError, 'ERR_INVALID_ARG_TYPE'],
    ['internal', 'yes', TypeError, 'ERR_INVALID_ARG_TYPE'],
    ['masquerade', undefined, TypeError, 'ERR_INVALID_ARG_TYPE'],
    ['subnets', '10.0.0.0/8', TypeError, 'ERR_INVALID_ARG_TYPE'],
    ['subnets[1]', ['10.0.0.0/8', '10.0.0.1/8'], TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['subnets[0]', ['10.0.0.0/33'], RangeError, 'ERR_OUT_OF_RANGE'],
    ['outboundAddress', 'fd00::1', TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['outboundAddress6', 'abcd', TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['gateway', '10.0.0.1', TypeError, 'ERR_UNKNOWN_FIELD']
  ])('is refused for its %s %j', (field, value, type, code) => {
    const key = field.replace(/\[.*/, '')
    const check = () => checkedNetworks([network, { ...network, [key]: value }])
    expect(check).toThrow(type)
    expect(check).toThrow(expect.objectContaining({ code, field: `networks[1].${field}` }) as Error)
  })
})

describe('a published port', () => {
  it('is given back in canonical text', () => {
    const given = { ...port, hostAddress: '::0', containerAddress: 'FD00::02', bridgeAddress: 'fd00:0::1' }
    const canonical = { hostAddress: '::', containerAddress: 'fd00::2', bridgeAddress: 'fd00::1' }
    expect(checkedPorts([given])).toEqual([{ ...port, ...canonical }])
  })

  it.each([
    ['networkId', 'web', TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['protocol', 'icmp', TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['hostAddress', 'abcd', TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['hostAddress', undefined, TypeError, 'ERR_INVALID_ARG_TYPE'],
    ['hostPort', 0, RangeError, 'ERR_OUT_OF_RANGE'],
    ['hostPort', 65_536, RangeError, 'ERR_OUT_OF_RANGE'],
    ['containerPort', '80', TypeError, 'ERR_INVALID_ARG_TYPE'],
    ['containerPort', 80.5, RangeError, 'ERR_OUT_OF_RANGE'],
    ['containerAddress', 'fd00::2', TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['bridgeAddress', 'fd00::1', TypeError, 'ERR_INVALID_ARG_VALUE'],
    ['port', 80, TypeError, 'ERR_UNKNOWN_FIELD']
  ])('is refused for its %s %j', (field, value, type, code) => {
    const check = () => checkedPorts([port, { ...port, [field]: value }])
    expect(check).toThrow(type)
    expect(check).toThrow(expect.objectContaining({ code, field: `ports[1].${field}` }) as Error)
  })

  it('comes in an array', () => {
    expect(() => checkedPorts(port as never)).toThrow(expect.objectContaining({ field: 'ports' }) as Error)
  })
})

describe('the firewall', () => {
  it.each([
    [{ table: 'a b' }, 'table'],
    [{ table: '' }, 'table'],
    [{ onForeignDrop: 'warn' }, 'onForeignDrop'],
    [{ tabel: 'x' }, 'tabel']
  ])('refuses the options %j', (options, field) => {
    const make = () => new NftablesFirewall({} as never, options as never)
    expect(make).toThrow(expect.objectContaining({ field }) as Error)
  })
})
