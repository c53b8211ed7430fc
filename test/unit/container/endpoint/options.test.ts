import { describe, expect, it } from 'vitest'
import { chooseInterfaceName } from '../../../../src/container/endpoint/interface-name.js'
import { checkEndpointOptions } from '../../../../src/container/endpoint/options.js'

describe('options of an endpoint', () => {
  it('are complete, and canonical', () => {
    expect(checkEndpointOptions({})).toEqual({
      ...{ aliases: [], linkLocalAddresses: [], gatewayPriority: 0, ports: [], sysctls: {} }
    })
    const { address6, macAddress, linkLocalAddresses } = checkEndpointOptions({
      address6: 'FD00:0::2',
      macAddress: '2-A-B-C-D-E',
      linkLocalAddresses: ['169.254.1.1', 'FEBF::1']
    })
    expect({ address6, macAddress, linkLocalAddresses }).toEqual({
      address6: 'fd00::2',
      macAddress: '02:0a:0b:0c:0d:0e',
      linkLocalAddresses: ['169.254.1.1', 'febf::1']
    })
  })

  it.each<[object, string]>([
    [{ aliases: 'db' }, 'aliases'],
    [{ aliases: ['a b'] }, 'aliases[0]'],
    [{ address: 'fd00::2' }, 'address'],
    [{ address6: '10.0.0.2' }, 'address6'],
    [{ linkLocalAddresses: ['fec0::1'] }, 'linkLocalAddresses[0]'],
    [{ macAddress: 'ff:ff:ff:ff:ff:ff' }, 'macAddress'],
    [{ macAddress: '00:00:00:00:00:00' }, 'macAddress'],
    [{ interfaceName: 'lo' }, 'interfaceName'],
    [{ interfaceName: 'eth%d' }, 'interfaceName'],
    [{ interfaceName: 'all' }, 'interfaceName'],
    [{ interfaceName: 'default' }, 'interfaceName'],
    [{ ports: ['224.0.0.5:53:53/udp'] }, 'ports[0].hostAddress'],
    [{ gatewayPriority: 0.5 }, 'gatewayPriority'],
    [{ ports: ['x'] }, 'ports[0].containerPort'],
    [{ sysctls: { 'net.ipv4.conf.eth0.log_martians': '1' } }, 'sysctls.net.ipv4.conf.eth0.log_martians']
  ])('refuse %j', (options, field) => {
    expect(() => checkEndpointOptions(options)).toThrow(expect.objectContaining({ field }))
  })
})

describe('the name of an interface', () => {
  it('is the first that is free, or the one that is asked for', () => {
    expect(chooseInterfaceName(undefined, 'eth', new Set())).toBe('eth0')
    expect(chooseInterfaceName(undefined, 'eth', new Set(['eth0', 'eth2']))).toBe('eth1')
    expect(chooseInterfaceName('lan', 'eth', new Set(['eth0']))).toBe('lan')
    expect(() => chooseInterfaceName('eth0', 'eth', new Set(['eth0']))).toThrow(
      expect.objectContaining({ code: 'ERR_INTERFACE_EXISTS' })
    )
  })
})
