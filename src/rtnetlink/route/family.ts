import { invalidValue } from '../../codec/index.js'
import type { Field, Source } from '../../codec/index.js'
import { AF_INET, AF_INET6, AF_MPLS } from '../rtnetlink.js'

/** The families whose routes netloom knows. */
export type RouteFamily = 'inet' | 'inet6' | 'mpls'

const numbers: Readonly<Record<RouteFamily, number>> = { inet: AF_INET, inet6: AF_INET6, mpls: AF_MPLS }

const field: Field<RouteFamily, RouteFamily> = {
  types: [],
  always: true,
  headerEnd: 1,
  write(writer, value: RouteFamily | undefined, base, source) {
    if (value !== undefined && !Object.hasOwn(numbers, value)) {
      invalidValue(value, 'one of "inet", "inet6", "mpls"')
    }
    writer.bytes[base] = value === undefined ? guess(source) : numbers[value]
  },
  readHeader(target, key, bytes, base) {
    target[key] = familyName(bytes[base]!)
  }
}

/**
 * The family of a route: what is given, otherwise that of its destination, and for `'default'` that of the
 * first other address. IPv4 if nothing tells, as with iproute2.
 */
export const routeFamily = field as Field<RouteFamily, RouteFamily> & { readonly present: true }

export function familyName(number: number): RouteFamily {
  return number === AF_INET6 ? 'inet6' : number === AF_MPLS ? 'mpls' : 'inet'
}

/** True if a message of this family is a route that netloom knows, rather than a multicast forwarding entry. */
export function isRouteFamily(number: number): boolean {
  return number === AF_INET || number === AF_INET6 || number === AF_MPLS
}

function guess(source: Source): number {
  const { destination } = source
  if (typeof destination === 'string' && destination !== 'default') return familyOfText(destination)
  for (const key of ['gateway', 'preferredSource', 'source']) {
    const address = source[key]
    if (typeof address === 'string') return familyOfText(address)
  }
  const hops = source['nextHops']
  if (Array.isArray(hops)) {
    for (const hop of hops as readonly (Readonly<Record<string, unknown>> | null)[]) {
      const gateway = hop?.['gateway']
      if (typeof gateway === 'string') return familyOfText(gateway)
    }
  }
  return AF_INET
}

function familyOfText(text: string): number {
  return text.includes(':') ? AF_INET6 : AF_INET
}
