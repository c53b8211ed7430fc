import { familyOf, invalidValue, within } from '../../codec/index.js'
import type { Family } from '../model/ip-address.js'
import type { PortRequest } from './parse-port.js'

/** Every address of a family. */
export const wildcard = { inet: '0.0.0.0', inet6: '::' } as const

export function isWildcard(address: string): boolean {
  return address === wildcard.inet || address === wildcard.inet6
}

/** What decides where an endpoint's ports are published. */
export interface PublishingEndpoint {
  /** The families that it has an address of: a port leads to the address of its own family. */
  readonly families: readonly Family[]
  /** Where the network publishes ports that name no address. Default: every address of both families. */
  readonly hostAddress?: string | undefined
}

/**
 * The addresses of the host that a port is published at, by the rules of Docker: without one, every address of each
 * family that the endpoint has; where the network names one, that alone, except that `0.0.0.0` stands for `::` too.
 */
export function hostAddresses(request: PortRequest, endpoint: PublishingEndpoint): readonly string[] {
  const { families } = endpoint
  const address = request.hostAddress ?? endpoint.hostAddress
  if (address === undefined || (request.hostAddress === undefined && address === wildcard.inet)) {
    return (['inet', 'inet6'] as const)
      .filter((family) => families.includes(family))
      .map((family) => wildcard[family])
  }
  if (families.includes(familyOf(address))) return [address]
  return within('hostAddress', () =>
    invalidValue(address, `an ${families.includes('inet') ? 'IPv4' : 'IPv6'} address, as the endpoint has`)
  )
}
