import { sameState } from './fingerprint.js'
import type { Watched } from './watched.js'

/** One difference between what was known and what is. */
export interface Difference<T> {
  readonly change: 'new' | 'delete'
  readonly key: string
  readonly value: T
}

/** What the monitor's consumer knows, having applied every event so far. */
export class Mirror<T extends object> {
  readonly #watched: Watched<T>
  readonly #known = new Map<string, T>()
  readonly #bases = new Map<string, Set<string>>()

  constructor(watched: Watched<T>) {
    this.#watched = watched
  }

  entries(): IterableIterator<[string, T]> {
    return this.#known.entries()
  }

  values(): IterableIterator<T> {
    return this.#known.values()
  }

  get(key: string): T | undefined {
    return this.#known.get(key)
  }

  add(value: T): void {
    this.set(this.#watched.key(value), value)
  }

  set(key: string, value: T): void {
    this.#known.set(key, value)
    const base = this.#watched.base?.(value)
    if (base === undefined) return
    const keys = this.#bases.get(base)
    if (keys === undefined) this.#bases.set(base, new Set([key]))
    else keys.add(key)
  }

  /** False if it was not known. */
  delete(key: string): boolean {
    const value = this.#known.get(key)
    if (value === undefined) return false
    this.#known.delete(key)
    const base = this.#watched.base?.(value)
    if (base !== undefined) {
      const keys = this.#bases.get(base)
      keys?.delete(key)
      if (keys?.size === 0) this.#bases.delete(base)
    }
    return true
  }

  /** The keys of the objects that share the base of `value`. */
  siblings(value: T): readonly string[] {
    const base = this.#watched.base?.(value)
    return base === undefined ? [] : [...(this.#bases.get(base) ?? [])]
  }

  /** Whether telling of `value` would change what is known under `key`. */
  differs(key: string, value: T): boolean {
    const known = this.#known.get(key)
    return known === undefined || !sameState(known, value, this.#watched.volatile)
  }

  /**
   * Takes what a dump found as the truth, and gives what is different: first what vanished. What is as it was
   * gives `undefined`, so that the caller can pause.
   */
  *replace(current: readonly T[]): Generator<Difference<T> | undefined, void, undefined> {
    const now = new Map<string, T>()
    for (const value of current) {
      now.set(this.#watched.key(value), value)
      yield undefined
    }
    for (const [key, value] of [...this.#known]) {
      const vanished = !now.has(key)
      if (vanished) this.delete(key)
      yield vanished ? { change: 'delete', key, value } : undefined
    }
    for (const [key, value] of now) {
      const differs = this.differs(key, value)
      this.set(key, value)
      yield differs ? { change: 'new', key, value } : undefined
    }
  }
}
