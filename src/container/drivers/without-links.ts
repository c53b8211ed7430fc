import { InvalidType } from '../../codec/index.js'
import type { NetworkOptions } from '../model/network.js'
import { refuseSettings } from './docker-options.js'
import type { NetworkDriver } from './driver.js'

/** A driver that makes no links, and has one network, without addresses. */
export function driverWithoutLinks(
  name: string,
  ensureEndpoint: NetworkDriver['ensureEndpoint']
): NetworkDriver {
  const nothing = (): Promise<void> => Promise.resolve()
  return {
    name,
    capabilities: { addresses: false, gateway: false, ports: false, networks: 1, macAddresses: false },
    plan: (_host, options) =>
      Promise.resolve().then(() => {
        refuseSettings(name, options)
        refuseAddresses(name, options)
        return {}
      }),
    ensureNetwork: nothing,
    removeNetwork: nothing,
    ensureEndpoint,
    releaseEndpoint: nothing,
    removeLinks: nothing,
    defaultRoutes: () => []
  }
}

function refuseAddresses(name: string, options: NetworkOptions): void {
  for (const key of ['pools', 'ipv6', 'internal'] as const) {
    const value = options[key]
    if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) continue
    const expected = `absent: a network of the driver ${name} has no addresses of its own`
    throw new InvalidType(value, expected, 'ERR_INVALID_ARG_VALUE').within(key)
  }
}
