import { familyOf } from '../../codec/index.js'
import { NetloomError } from '../../netlink/index.js'
import { describeOwner } from '../state/endpoint-records.js'
import { keys, lastPart } from '../state/keys.js'
import { NumberSet } from '../state/number-set.js'
import type { ReadTransaction, WriteTransaction } from '../state/store.js'
import { isWildcard, wildcard } from './host-addresses.js'
import type { PortBinding, PortProtocol } from './port.js'
import type { PortRange } from './port-range.js'

/** A port of the host, at an address. */
export type HostPort = Omit<PortBinding, 'containerPort'>

/** One that is taken, and by whom. */
export interface HeldPort extends HostPort {
  readonly owner: string
}

export function listPorts(transaction: ReadTransaction): HeldPort[] {
  return [...transaction.list<string>(keys.ports)].map(([key, owner]) => {
    const [, protocol, port, hostAddress] = key.split('/')
    return { protocol: protocol as PortProtocol, hostAddress: hostAddress!, hostPort: Number(port), owner }
  })
}

/**
 * The ports of the host, in a transaction that changes them. Each that is taken has a record with its owner, and is a
 * member of two sets: of the ports that are bound at its address, and of those that are at any of its family.
 */
export class HostPorts {
  readonly #transaction: WriteTransaction
  readonly #avoided: ReadonlySet<string>
  readonly #sets = new Map<string, NumberSet>()

  /** `avoid`: what programs of the host have. */
  constructor(transaction: WriteTransaction, avoid: readonly HostPort[] = []) {
    this.#transaction = transaction
    this.#avoided = new Set(avoid.map(describePort))
  }

  put(port: HostPort, owner: string): void {
    const { protocol, hostAddress, hostPort } = port
    this.#transaction.put(keys.port(protocol, hostPort, hostAddress), owner)
    this.#at(protocol, hostAddress).add(BigInt(hostPort))
    this.#at(protocol, familyOf(hostAddress)).add(BigInt(hostPort))
  }

  /** Does nothing if it is not the owner's. */
  delete(port: HostPort, owner: string): void {
    const { protocol, hostAddress, hostPort } = port
    const key = keys.port(protocol, hostPort, hostAddress)
    if (this.#transaction.get<string>(key) !== owner) return
    this.#transaction.delete(key)
    this.#at(protocol, hostAddress).delete(BigInt(hostPort))
    if (this.#holderInFamily(port) === undefined) {
      this.#at(protocol, familyOf(hostAddress)).delete(BigInt(hostPort))
    }
  }

  /** Writes what `put` and `delete` did to the sets. */
  save(): void {
    for (const set of this.#sets.values()) set.save()
  }

  /** Throws `ERR_PORT_IN_USE` if a port can't be had. */
  refuseTaken(port: HostPort): void {
    const holder = this.#holderOf(port)
    if (holder !== undefined) {
      const where = holder.hostAddress === port.hostAddress ? '' : ` at ${holder.hostAddress}`
      const owner = describeOwner(this.#transaction, holder.owner)
      throw portInUse(`${describePort(port)} is published by ${owner}${where}`)
    }
    if (this.#isAvoided(port)) throw portInUse(`${describePort(port)} is used by a program of the host`)
  }

  /** The first port of a range that can be had at all of the addresses. */
  firstFree(
    protocol: PortProtocol,
    addresses: readonly string[],
    { first, last }: PortRange
  ): number | undefined {
    const taken = addresses.flatMap((address) =>
      isWildcard(address)
        ? [this.#at(protocol, familyOf(address))]
        : [this.#at(protocol, address), this.#at(protocol, wildcard[familyOf(address)])]
    )
    for (let start = BigInt(first); ;) {
      const free = nextAbsentOfAll(taken, start, BigInt(last))
      if (free === undefined) return undefined
      const hostPort = Number(free)
      if (!addresses.some((hostAddress) => this.#isAvoided({ protocol, hostAddress, hostPort })))
        return hostPort
      start = free + 1n
    }
  }

  /**
   * The first port of a range that can be had, after that which this chose last; then from the beginning. So a port
   * that was released is not used again at once.
   */
  nextFree(
    protocol: PortProtocol,
    addresses: readonly string[],
    { first, last }: PortRange
  ): number | undefined {
    const key = keys.portCursor(protocol)
    const start = Math.max(first, (this.#transaction.get<number>(key) ?? 0) + 1)
    const port =
      this.firstFree(protocol, addresses, { first: start, last }) ??
      this.firstFree(protocol, addresses, { first, last: Math.min(start - 1, last) })
    if (port !== undefined) this.#transaction.put(key, port)
    return port
  }

  /** The ports that are bound at an address, or at any address of a family. */
  #at(protocol: PortProtocol, where: string): NumberSet {
    const prefix = keys.portSet(protocol, where)
    const set = this.#sets.get(prefix) ?? new NumberSet(this.#transaction, prefix)
    this.#sets.set(prefix, set)
    return set
  }

  /** Who has a port so that it can't be had: at the same address, or where one of the two is every address. */
  #holderOf(port: HostPort): HeldPort | undefined {
    const { protocol, hostAddress, hostPort } = port
    const family = familyOf(hostAddress)
    if (!this.#at(protocol, family).has(BigInt(hostPort))) return undefined
    if (isWildcard(hostAddress)) return this.#holderInFamily(port)
    for (const address of [hostAddress, wildcard[family]]) {
      const owner = this.#transaction.get<string>(keys.port(protocol, hostPort, address))
      if (owner !== undefined) return { protocol, hostAddress: address, hostPort, owner }
    }
    return undefined
  }

  #isAvoided(port: HostPort): boolean {
    return this.#avoided.size > 0 && this.#avoided.has(describePort(port))
  }

  #holderInFamily(port: HostPort): HeldPort | undefined {
    const { protocol, hostAddress, hostPort } = port
    for (const [key, owner] of this.#transaction.list<string>(keys.portsOfNumber(protocol, hostPort))) {
      const address = lastPart(key)
      if (familyOf(address) === familyOf(hostAddress)) return { ...port, hostAddress: address, owner }
    }
    return undefined
  }
}

/** `tcp port 0.0.0.0:8080` */
function describePort({ protocol, hostAddress, hostPort }: HostPort): string {
  const address = familyOf(hostAddress) === 'inet' ? hostAddress : `[${hostAddress}]`
  return `${protocol} port ${address}:${hostPort}`
}

export function portInUse(reason: string): NetloomError {
  return new NetloomError('ERR_PORT_IN_USE', reason)
}

function nextAbsentOfAll(sets: readonly NumberSet[], from: bigint, to: bigint): bigint | undefined {
  for (let start = from; ;) {
    let number: bigint | undefined = start
    for (const set of sets) {
      number = set.nextAbsent(number, to)
      if (number === undefined) return undefined
    }
    if (number === start) return number
    start = number
  }
}
