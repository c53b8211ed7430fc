import { NetloomError } from '../../netlink/index.js'

/** What users call, so that closing waits for what is under way, and refuses what comes later. */
export class Calls {
  readonly #underWay = new Set<Promise<unknown>>()
  #closed = false

  /** Does `work`; rejects with `ERR_CLOSED` after `close`. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#closed) throw new NetloomError('ERR_CLOSED', 'The container networks are closed.')
    const call = Promise.resolve(work())
    this.#underWay.add(call)
    try {
      return await call
    } finally {
      this.#underWay.delete(call)
    }
  }

  /** Resolves when all that has begun has ended, whether it failed or not. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#underWay)
  }
}
