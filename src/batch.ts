import { NetloomError, OperationQueue, checkCommitOptions } from './netlink/index.js'
import type { CommitOptions, NetlinkConnection, Operation, Outcome } from './netlink/index.js'
import { addressOperations } from './rtnetlink/address/index.js'
import { bridgeVlanOperations, fdbOperations } from './rtnetlink/bridge/index.js'
import { linkOperations } from './rtnetlink/link/index.js'
import { neighborOperations } from './rtnetlink/neighbor/index.js'
import { nextHopOperations } from './rtnetlink/nexthop/index.js'
import { queued } from './rtnetlink/operations.js'
import type { Queued } from './rtnetlink/operations.js'
import { routeOperations } from './rtnetlink/route/index.js'
import { ruleOperations } from './rtnetlink/rule/index.js'

/**
 * Changes that are sent together, in order: many share a datagram, and the kernel runs them without a
 * round trip between.
 *
 * Each verb checks what it is given, throws at once if that can't be right, and returns the index of its
 * outcome. A batch is no transaction: where one operation fails, those before it stay.
 */
export class Batch {
  readonly addresses: Queued<typeof addressOperations>
  readonly bridge: {
    readonly fdb: Queued<typeof fdbOperations>
    readonly vlans: Queued<typeof bridgeVlanOperations>
  }
  readonly neighbors: Queued<typeof neighborOperations>
  readonly nexthops: Queued<typeof nextHopOperations>
  readonly routes: Queued<typeof routeOperations>
  readonly rules: Queued<typeof ruleOperations>
  readonly links: Queued<typeof linkOperations>
  readonly #connection: NetlinkConnection
  readonly #queue = new OperationQueue()
  #committed = false

  /** Use `stack.batch()`. */
  constructor(connection: NetlinkConnection) {
    this.#connection = connection
    const add = (operation: Operation<unknown>): number => {
      this.#refuseCommitted()
      return this.#queue.add(operation)
    }
    this.links = queued(linkOperations, connection, add)
    this.addresses = queued(addressOperations, connection, add)
    this.bridge = {
      fdb: queued(fdbOperations, connection, add),
      vlans: queued(bridgeVlanOperations, connection, add)
    }
    this.neighbors = queued(neighborOperations, connection, add)
    this.nexthops = queued(nextHopOperations, connection, add)
    this.routes = queued(routeOperations, connection, add)
    this.rules = queued(ruleOperations, connection, add)
  }

  /** How many operations there are. */
  get length(): number {
    return this.#queue.length
  }

  /**
   * Sends everything, once. The outcomes are in the order of the operations; an operation that fails is an
   * outcome, not a rejection. Rejects with a `BatchError` that carries the outcomes so far when the call is
   * aborted, times out, or the stack is closed.
   */
  async commit(options: CommitOptions = {}): Promise<Outcome[]> {
    this.#refuseCommitted()
    checkCommitOptions(options)
    this.#committed = true
    return this.#queue.run(this.#connection, options)
  }

  #refuseCommitted(): void {
    if (this.#committed)
      throw new NetloomError('ERR_BATCH_COMMITTED', 'this batch has been committed already')
  }
}
