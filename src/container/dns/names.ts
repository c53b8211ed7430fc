import { familyOf, invalidValue, parseIpv4, parseIpv6, readIpv6, within } from '../../codec/index.js'
import type { NameEntry } from './name-service.js'

/** An endpoint, as it is looked up. */
interface Registered {
  readonly networkId: string
  /** In lower case, each once. */
  readonly names: readonly string[]
  /** Canonical. */
  readonly address: string | undefined
  readonly address6: string | undefined
}

/** Endpoints by id, in the order in which they were told. */
type Endpoints = Map<string, Registered>

/** The names of one network. */
interface Network {
  /** In lower case. */
  readonly name: string
  readonly byName: Map<string, Endpoints>
  readonly byAddress: Map<string, Endpoints>
}

/** The addresses that a name has, shuffled anew each time. */
export interface NamedAddresses {
  readonly inet: readonly string[]
  readonly inet6: readonly string[]
}

/** Which names there are on which network, and whose they are. Letter case makes no difference. */
export class NameDirectory {
  readonly #endpoints: Endpoints = new Map()
  readonly #networks = new Map<string, Network>()

  /** What is told of an endpoint replaces what was told before. Throws a `TypeError` for what is no address. */
  set(entry: NameEntry): void {
    const { endpointId, networkId, networkName } = entry
    const endpoint: Registered = {
      networkId,
      names: [...new Set(entry.names.map((name) => name.toLowerCase()))],
      address: canonical(entry.address, 'address', 'inet'),
      address6: canonical(entry.address6, 'address6', 'inet6')
    }
    this.remove(endpointId)
    let network = this.#networks.get(networkId)
    if (network === undefined) {
      network = { name: networkName.toLowerCase(), byName: new Map(), byAddress: new Map() }
      this.#networks.set(networkId, network)
    }
    this.#endpoints.set(endpointId, endpoint)
    for (const [index, key] of keysOf(network, endpoint)) {
      const found = index.get(key)
      if (found === undefined) index.set(key, new Map([[endpointId, endpoint]]))
      else found.set(endpointId, endpoint)
    }
  }

  /** Is content with an endpoint that isn't there. */
  remove(endpointId: string): void {
    const endpoint = this.#endpoints.get(endpointId)
    const network = endpoint && this.#networks.get(endpoint.networkId)
    if (network === undefined) return
    this.#endpoints.delete(endpointId)
    for (const [index, key] of keysOf(network, endpoint!)) {
      const found = index.get(key)!
      found.delete(endpointId)
      if (found.size === 0) index.delete(key)
    }
    if (network.byName.size + network.byAddress.size === 0) this.#networks.delete(endpoint!.networkId)
  }

  /**
   * The addresses of a name on the first of the networks that has it, and then those of `name.network`. Undefined if
   * none has it; empty where it has no address of the family.
   */
  addresses(name: string, networkIds: readonly string[]): NamedAddresses | undefined {
    const endpoints = this.#find(name.toLowerCase(), networkIds)
    if (endpoints === undefined) return undefined
    const inet: string[] = []
    const inet6: string[] = []
    for (const { address, address6 } of endpoints.values()) {
      if (address !== undefined) inet.push(address)
      if (address6 !== undefined) inet6.push(address6)
    }
    return { inet: shuffle(inet), inet6: shuffle(inet6) }
  }

  /** The first name of whoever has an address on one of the networks, as `name.network`. */
  nameOf(address: string, networkIds: readonly string[]): string | undefined {
    for (const id of networkIds) {
      const network = this.#networks.get(id)
      for (const { names } of network?.byAddress.get(address)?.values() ?? []) {
        for (const name of names) {
          const full = `${name}.${network!.name}`
          if (isDomainName(full)) return full
        }
      }
    }
    return undefined
  }

  #find(name: string, networkIds: readonly string[]): Endpoints | undefined {
    for (const id of networkIds) {
      const found = this.#networks.get(id)?.byName.get(name)
      if (found !== undefined) return found
    }
    for (const id of networkIds) {
      const network = this.#networks.get(id)
      if (network === undefined || !name.endsWith(`.${network.name}`)) continue
      const found = network.byName.get(name.slice(0, -network.name.length - 1))
      if (found !== undefined) return found
    }
    return undefined
  }
}

function* keysOf(
  { byName, byAddress }: Network,
  { names, address, address6 }: Registered
): Iterable<[index: Map<string, Endpoints>, key: string]> {
  for (const name of names) yield [byName, name]
  if (address !== undefined) yield [byAddress, address]
  if (address6 !== undefined) yield [byAddress, address6]
}

function canonical(address: string | undefined, key: string, family: 'inet' | 'inet6'): string | undefined {
  if (address === undefined) return undefined
  const bytes = new Uint8Array(16)
  if (familyOf(address) === family) {
    if (family === 'inet' && parseIpv4(address) >= 0) return address
    if (family === 'inet6' && parseIpv6(address, bytes, 0)) return readIpv6(bytes, 0)
  }
  return within(key, () => invalidValue(address, `an address of the family ${family}`))
}

/** Whether a name can be said in a message: labels of 1 to 63 bytes, 253 in all (RFC 1035, 2.3.4). */
function isDomainName(name: string): boolean {
  return name.length <= 253 && /^[\x21-\x7e]+$/.test(name) && !/(^|\.)(\.|$)|[^.]{64}/.test(name)
}

/** Shuffles in place (Fisher and Yates): whoever takes the first address takes each as often. */
function shuffle(list: string[]): string[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    const other = list[j]!
    list[j] = list[i]!
    list[i] = other
  }
  return list
}
