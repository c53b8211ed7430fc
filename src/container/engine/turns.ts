/** Things to be done one after the other, for each of many keys. */
export class Turns {
  readonly #tails = new Map<string, Promise<void>>()

  /** Does `work` once all that came before under this key has ended, whether it failed or not. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key)
    const turn = before === undefined ? work() : before.then(work)
    const tail = turn.then(
      () => undefined,
      () => undefined
    )
    this.#tails.set(key, tail)
    try {
      return await turn
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key)
    }
  }

  /** Resolves when all that has begun by now has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#tails.values())
  }
}
