import type { Key, WriteTransaction } from './store.js'

/** Numbers below a word of the tree: 2 to the power of this. */
const bitsOfWord = 5n
const full = 0xffff_ffff

/**
 * A set of whole numbers in a store, in which the next number that it does not have is found in few steps, however
 * many it has.
 *
 * It is a tree of words of 32 bits, each under a key of its own. A bit of the lowest level is a number; one of the
 * level above says that a word below is full. Words that are zero are not there. Changes are written by `save`: many
 * numbers that are close together are few words.
 */
export class NumberSet {
  readonly #transaction: WriteTransaction
  readonly #prefix: string
  /** Those that were read or changed. */
  readonly #words = new Map<Key, number>()
  readonly #changed = new Set<Key>()

  /** `prefix` ends with `/`. */
  constructor(transaction: WriteTransaction, prefix: string) {
    this.#transaction = transaction
    this.#prefix = prefix
  }

  has(number: bigint): boolean {
    return (this.#read(this.#key(0, number)) & bitOf(number)) !== 0
  }

  add(number: bigint): void {
    let index = number
    for (let level = 0; ; level++) {
      const key = this.#key(level, index)
      const word = (this.#read(key) | bitOf(index)) >>> 0
      this.#change(key, word)
      if (word !== full) return
      index >>= bitsOfWord
    }
  }

  delete(number: bigint): void {
    let index = number
    for (let level = 0; ; level++) {
      const key = this.#key(level, index)
      const word = this.#read(key)
      const rest = (word & ~bitOf(index)) >>> 0
      this.#change(key, rest)
      if (word !== full) return
      index >>= bitsOfWord
    }
  }

  /** The first number from `from` to `to` that the set does not have. */
  nextAbsent(from: bigint, to: bigint): bigint | undefined {
    let level = 0
    let index = from
    for (;;) {
      if (index << (BigInt(level) * bitsOfWord) > to) return undefined
      const bit = firstZero(this.#read(this.#key(level, index)), Number(index & 31n))
      if (bit === undefined) {
        // All that is left of this word is taken: on with the word after it, which is a bit one level up.
        level++
        index = (index >> bitsOfWord) + 1n
      } else {
        index = (index & ~31n) | BigInt(bit)
        if (level === 0) return index <= to ? index : undefined
        level--
        index <<= bitsOfWord
      }
    }
  }

  save(): void {
    for (const key of this.#changed) {
      const word = this.#words.get(key)!
      if (word === 0) this.#transaction.delete(key)
      else this.#transaction.put(key, word)
    }
    this.#changed.clear()
  }

  /** Of the word that holds the bit `index` of a level. */
  #key(level: number, index: bigint): Key {
    return `${this.#prefix}${level}/${(index >> bitsOfWord).toString(16)}`
  }

  #read(key: Key): number {
    const known = this.#words.get(key)
    if (known !== undefined) return known
    const word = this.#transaction.get<number>(key) ?? 0
    this.#words.set(key, word)
    return word
  }

  #change(key: Key, word: number): void {
    this.#words.set(key, word)
    this.#changed.add(key)
  }
}

function bitOf(index: bigint): number {
  return 1 << Number(index & 31n)
}

/** The position of the first zero bit from `start` on. */
function firstZero(word: number, start: number): number | undefined {
  const zeros = ~word & (full << start)
  return zeros === 0 ? undefined : 31 - Math.clz32(zeros & -zeros)
}
