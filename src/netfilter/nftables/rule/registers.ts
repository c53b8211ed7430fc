import { NetloomError } from '../../../netlink/index.js'

/** Registers hold 64 bytes in all: `NFT_REG32_COUNT` words of 4. */
const words = 16

/** Hands out registers within one statement. A place is a word, from 0. */
export class Registers {
  #next = 0

  /** A place for a value of `size` bytes, at the start of one of the four registers of 16 bytes. */
  take(size: number): number {
    return this.#take((this.#next + 3) & ~3, size)
  }

  /** The place that `take` would give. */
  peek(): number {
    return (this.#next + 3) & ~3
  }

  /** Frees what comes after a value of `size` bytes at `place`. */
  keep(place: number, size: number): void {
    this.#next = place
    this.#take(place, size)
  }

  /** Frees everything. */
  clear(): void {
    this.#next = 0
  }

  #take(place: number, size: number): number {
    const next = place + ((size + 3) >>> 2)
    if (next > words) {
      throw new NetloomError(
        'ERR_OUT_OF_RANGE',
        'this needs more than the 64 bytes that the registers of nftables hold'
      )
    }
    this.#next = next
    return place
  }
}

/** The number of the register at a place, as the kernel prints it: `NFT_REG_*` where it can, else `NFT_REG32_*`. */
export function registerAt(place: number): number {
  return (place & 3) === 0 ? 1 + (place >>> 2) : 8 + place
}
