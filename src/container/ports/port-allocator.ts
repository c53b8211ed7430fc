import { within } from '../../codec/index.js'
import type { ReadTransaction, WriteTransaction } from '../state/store.js'
import { hostAddresses } from './host-addresses.js'
import type { PublishingEndpoint } from './host-addresses.js'
import { HostPorts, listPorts, portInUse } from './host-ports.js'
import type { HeldPort, HostPort } from './host-ports.js'
import type { PortRequest } from './parse-port.js'
import type { PortBinding } from './port.js'
import { formatRange, rangeLength } from './port-range.js'
import type { PortRange } from './port-range.js'

/** For whom ports are taken. */
export interface PortClaim extends PublishingEndpoint {
  /** The endpoint's id. */
  readonly owner: string
  /** Ports that can't be had though nobody published them: what `findListeners` found. */
  readonly avoid?: readonly HostPort[] | undefined
}

/**
 * Gives out ports of the host, in the transaction of the endpoint that publishes them. An address and a wildcard
 * address of the same family (`0.0.0.0`, `::`) can't have the same port. Taking and releasing a port costs the same
 * however many are taken.
 */
export class PortAllocator {
  readonly #ephemeral: PortRange

  /** `ephemeral` is where ports are chosen from that nobody named: `net.ipv4.ip_local_port_range` (ip(7)). */
  constructor(ephemeral: PortRange) {
    this.#ephemeral = ephemeral
  }

  /**
   * Takes the ports that are asked for: at all of its addresses a port of the container has the same port of the host.
   * Throws `ERR_PORT_IN_USE`, which tells who has it, and a `TypeError` with the path for an address of a family that
   * the endpoint doesn't have. The transaction must not be kept then.
   */
  take(transaction: WriteTransaction, requests: readonly PortRequest[], claim: PortClaim): PortBinding[] {
    const ports = new HostPorts(transaction, claim.avoid)
    const bindings = within('ports', () =>
      requests.flatMap((request, index) => within(index, () => this.#takeRequest(ports, request, claim)))
    )
    ports.save()
    return bindings
  }

  /** Gives ports back. What is not the owner's stays. */
  release(transaction: WriteTransaction, owner: string, held: readonly HostPort[]): void {
    const ports = new HostPorts(transaction)
    for (const port of held) ports.delete(port, owner)
    ports.save()
  }

  /** All that are taken. */
  list(transaction: ReadTransaction): HeldPort[] {
    return listPorts(transaction)
  }

  #takeRequest(ports: HostPorts, request: PortRequest, claim: PortClaim): PortBinding[] {
    const { protocol, containerPorts } = request
    const addresses = hostAddresses(request, claim)
    const bindings: PortBinding[] = []
    for (let offset = 0; offset < rangeLength(containerPorts); offset++) {
      const hostPort = this.#choose(ports, request, offset, addresses)
      for (const hostAddress of addresses) {
        const port = { protocol, hostAddress, hostPort }
        ports.refuseTaken(port)
        ports.put(port, claim.owner)
        bindings.push({ ...port, containerPort: containerPorts.first + offset })
      }
    }
    return bindings
  }

  /** The port of the host for one of the container's: of two ranges the same, of a range one that is free, or any. */
  #choose(ports: HostPorts, request: PortRequest, offset: number, addresses: readonly string[]): number {
    const { protocol, hostPorts, containerPorts } = request
    if (hostPorts !== undefined && rangeLength(hostPorts) === rangeLength(containerPorts)) {
      return hostPorts.first + offset
    }
    const port =
      hostPorts === undefined
        ? ports.nextFree(protocol, addresses, this.#ephemeral)
        : ports.firstFree(protocol, addresses, hostPorts)
    if (port !== undefined) return port
    const range = formatRange(hostPorts ?? this.#ephemeral)
    throw portInUse(`none of the ${protocol} ports ${range} of ${addresses.join(' and ')} is free`)
  }
}
