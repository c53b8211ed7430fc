import type { OutputOf } from '../../../codec/index.js'
import { flush } from '../../../netlink/bulk/index.js'
import type { CallOptions } from '../../../netlink/index.js'
import { checkFlush } from '../check.js'
import type { NetfilterConnection } from '../../netfilter-connection.js'
import { nfgenmsgSize } from '../../nfnetlink.js'
import { expectationDump } from './dump.js'
import type { ExpectationFilter } from './dump.js'
import type { Expectation, ExpectationKey, ExpectationSpec } from './expectation.js'
import { expectationOperations } from './operations.js'
import { IPCTNL_MSG_EXP_GET_STATS_CPU, expectationStatistics } from './schema.js'

/** What one processor has counted of expectations since the namespace was made. */
export type ExpectationStatistics = Readonly<OutputOf<typeof expectationStatistics>>

/** The connections that others have announced (`conntrack -L expect`). */
export class Expectations {
  readonly #netfilter: NetfilterConnection

  /** @internal Use `stack.conntrack.expectations`. */
  constructor(netfilter: NetfilterConnection) {
    this.#netfilter = netfilter
  }

  /** The expectations that match; all without a filter. */
  async list(filter: ExpectationFilter = {}, options?: CallOptions): Promise<Expectation[]> {
    return this.#netfilter.list(expectationDump(filter), options)
  }

  /** Reads the expectation that covers a tuple. Throws `ENOENT`. */
  async get(expectation: ExpectationKey, options?: CallOptions): Promise<Expectation> {
    return this.#netfilter.run(expectationOperations.get(expectation), options)
  }

  /**
   * Makes an expectation. Throws `ENOENT` if there is no such master, `EOPNOTSUPP` if that has no helper,
   * `EEXIST` if one covers the tuple already, and `EMFILE` if the helper's class has as many as it may.
   */
  async create(expectation: ExpectationSpec, options?: CallOptions): Promise<void> {
    return this.#netfilter.run(expectationOperations.create(expectation), options)
  }

  /** Forgets the expectation that covers a tuple. Throws `ENOENT`. */
  async delete(expectation: ExpectationKey, options?: CallOptions): Promise<void> {
    return this.#netfilter.run(expectationOperations.delete(expectation), options)
  }

  /**
   * Forgets the expectations that match, and gives how many there were; `'all'` names them all. One scan finds
   * them, and each is deleted by its tuple. Of masters in another zone than 0 they stay, since the kernel does
   * not tell the zone.
   */
  async flush(filter: ExpectationFilter | 'all', options: CallOptions = {}): Promise<number> {
    const dump = expectationDump(filter === 'all' ? {} : filter, 'conntrack.expectations.flush')
    checkFlush(filter, dump.restricts)
    const netfilter = await this.#netfilter.open()
    const call = netfilter.settings(options)
    const make = expectationOperations.delete
    const verb = { method: 'conntrack.expectations.flush', make, unchanged: ['ENOENT'] }
    return flush(netfilter, netfilter.iterate(dump, call), verb, call)
  }

  /** What became of expectations, processor by processor. */
  async statistics(options?: CallOptions): Promise<ExpectationStatistics[]> {
    return this.#netfilter.list(
      {
        request: { method: 'conntrack.expectations.statistics', input: undefined },
        syscall: 'IPCTNL_MSG_EXP_GET_STATS_CPU',
        type: IPCTNL_MSG_EXP_GET_STATS_CPU,
        schema: expectationStatistics,
        write: (writer) => void writer.zeros(nfgenmsgSize),
        read: (message) => expectationStatistics.read(message.bytes, message.offset, message.length)
      },
      options
    )
  }
}
