import { describe, expect, it } from 'vitest'
import { bridgeSettings } from '../../../../src/container/drivers/bridge/settings.js'
import { readSettings } from '../../../../src/container/drivers/docker-options.js'
import { ipvlanSettings } from '../../../../src/container/drivers/ipvlan/settings.js'
import { macvlanSettings } from '../../../../src/container/drivers/macvlan/settings.js'
import type { NetworkOptions } from '../../../../src/container/model/network.js'

const bridge = (options: object) => readSettings('bridge', bridgeSettings, { name: 'n', ...options })
const thrown = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('the options of a driver', () => {
  it('are translated from the names that Docker has', () => {
    const options = {
      'com.docker.network.bridge.name': 'br0',
      'com.docker.network.bridge.enable_icc': 'false',
      'com.docker.network.bridge.enable_ip_masquerade': 'T',
      'com.docker.network.host_ipv4': '192.0.2.1',
      'com.docker.network.host_ipv6': '2001:DB8::0:1',
      'com.docker.network.driver.mtu': '1400',
      'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1',
      'com.docker.network.container_iface_prefix': 'net'
    }
    expect(bridge({ options })).toEqual({
      name: 'br0',
      interContainer: false,
      masquerade: true,
      outboundAddress: '192.0.2.1',
      outboundAddress6: '2001:db8::1',
      mtu: 1400,
      hostAddress: '127.0.0.1',
      interfacePrefix: 'net'
    })
    const macvlan = { parent: 'eth0', macvlan_mode: 'vepa', 'com.docker.network.driver.mtu': '9000' }
    expect(readSettings('macvlan', macvlanSettings, { name: 'n', options: macvlan })).toEqual({
      parent: 'eth0',
      mode: 'vepa',
      mtu: 9000
    })
    const ipvlan = { parent: 'eth0.5', ipvlan_mode: 'l3s', ipvlan_flag: 'private' }
    expect(readSettings('ipvlan', ipvlanSettings, { name: 'n', options: ipvlan })).toEqual({
      parent: 'eth0.5',
      mode: 'l3s',
      flag: 'private'
    })
  })

  it('may be said twice, but not differently', () => {
    const options = { 'com.docker.network.driver.mtu': '1400' }
    expect(bridge({ bridge: { mtu: 1400 }, options })).toEqual({ mtu: 1400 })
    expect(thrown(() => bridge({ bridge: { mtu: 1500 }, options }))).toMatchObject({
      field: 'options.com.docker.network.driver.mtu',
      message: expect.stringContaining('bridge.mtu says: 1500') as string
    })
  })

  it.each([
    [
      { options: { 'com.docker.network.bridge.nonsense': '1' } },
      'options.com.docker.network.bridge.nonsense'
    ],
    [{ options: { parent: 'eth0' } }, 'options.parent'],
    [{ options: { 'com.docker.network.driver.mtu': 1400 } }, 'options.com.docker.network.driver.mtu'],
    [{ options: { 'com.docker.network.driver.mtu': '0x500' } }, 'options.com.docker.network.driver.mtu'],
    [{ options: { 'com.docker.network.driver.mtu': '67' } }, 'options.com.docker.network.driver.mtu'],
    [
      { options: { 'com.docker.network.bridge.enable_icc': 'yes' } },
      'options.com.docker.network.bridge.enable_icc'
    ],
    [{ options: { 'com.docker.network.host_ipv4': 'fd00::1' } }, 'options.com.docker.network.host_ipv4'],
    [{ options: 'mtu=5' }, 'options'],
    [{ bridge: { nam: 'br0' } }, 'bridge.nam'],
    [{ bridge: 5 }, 'bridge'],
    [{ bridge: { name: 'a/b' } }, 'bridge.name'],
    [{ bridge: { name: 'br%d' } }, 'bridge.name'],
    [{ bridge: { name: 'a name that is too long' } }, 'bridge.name'],
    [{ bridge: { mtu: '1400' } }, 'bridge.mtu'],
    [{ bridge: { mtu: 65536 } }, 'bridge.mtu'],
    [{ bridge: { existing: 'no' } }, 'bridge.existing'],
    [{ bridge: { name: 'br*' } }, 'bridge.name'],
    [{ bridge: { name: 'all' } }, 'bridge.name'],
    [{ bridge: { hostAddress: 'localhost' } }, 'bridge.hostAddress'],
    [{ bridge: { hostAddress: 'ff02::1' } }, 'bridge.hostAddress'],
    [{ bridge: { outboundAddress: '0.0.0.0' } }, 'bridge.outboundAddress'],
    [{ bridge: { outboundAddress6: 'ff02::1' } }, 'bridge.outboundAddress6'],
    [{ bridge: { interfacePrefix: 'a prefix so long' } }, 'bridge.interfacePrefix'],
    [{ bridge: { interfacePrefix: '' } }, 'bridge.interfacePrefix'],
    [{ macvlan: { parent: 'eth0' } }, 'macvlan']
  ])('are refused with their path: %j', (options, field) => {
    const error = thrown(() => bridge(options))
    expect(error).toMatchObject({ field, code: expect.stringMatching(/^ERR_/) as string })
    expect(error).toBeInstanceOf(Error)
  })

  it('name the choices that there are', () => {
    const options = { name: 'n', macvlan: { mode: 'l2' } } as unknown as NetworkOptions
    expect(thrown(() => readSettings('macvlan', macvlanSettings, options))).toMatchObject({
      field: 'macvlan.mode',
      message: expect.stringContaining('"bridge" or "vepa" or "private" or "passthru"') as string
    })
  })
})
