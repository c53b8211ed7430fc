import { Writer } from '../../codec/index.js'
import type { Operation } from '../../netlink/index.js'
import { encode, noIndex } from '../../netlink/request.js'
import type { SetLayout } from './set/layout.js'
import type { SetPlace, Step } from './scope.js'

/** The messages of a transaction, written one after the other. */
export interface WrittenSteps {
  readonly bytes: Uint8Array
  readonly operations: readonly Operation<unknown>[]
  /** Where each message begins. */
  readonly starts: readonly number[]
  /** Which step each message belongs to. */
  readonly owners: readonly number[]
}

/** Writes the messages of steps as they are added, up to the first that must wait for its set to be known. */
export class StepWriter {
  readonly #steps: Step[] = []
  readonly #writer = new Writer(4096)
  readonly #operations: Operation<unknown>[] = []
  readonly #starts: number[] = []
  readonly #owners: number[] = []
  readonly #waiting: { readonly step: number; readonly at: number }[] = []

  get length(): number {
    return this.#steps.length
  }

  step(index: number): Step {
    return this.#steps[index]!
  }

  /** Adds a step; gives its number. Nothing is added if its input can't be written. */
  add(step: Step): number {
    const index = this.#steps.length
    const { operations } = step
    if (operations === undefined) this.#waiting.push({ step: index, at: this.#operations.length })
    else this.#write(index, operations)
    this.#steps.push(step)
    return index
  }

  /** The sets whose types must be looked up. */
  get unknownSets(): readonly SetPlace[] {
    return this.#waiting.map(({ step }) => this.#steps[step]!.deferred!.set)
  }

  /** All messages in order; `layouts` are those of the sets that were looked up. */
  finish(layouts: readonly SetLayout[]): WrittenSteps {
    if (this.#waiting.length === 0) return this.#written()
    const whole = new StepWriter()
    let from = 0
    this.#waiting.forEach(({ step, at }, index) => {
      whole.#copy(this, from, at)
      whole.#write(step, this.#steps[step]!.deferred!.finish(layouts[index]!))
      from = at
    })
    whole.#copy(this, from, this.#operations.length)
    return whole.#written()
  }

  #write(step: number, operations: readonly Operation<unknown>[]): void {
    const position = this.#writer.position
    const count = this.#operations.length
    try {
      for (const operation of operations) {
        this.#starts.push(encode(this.#writer, operation, noIndex))
        this.#operations.push(operation)
        this.#owners.push(step)
      }
    } catch (error) {
      this.#writer.truncate(position)
      for (const list of [this.#starts, this.#operations, this.#owners]) list.length = count
      throw error
    }
  }

  #copy(source: StepWriter, from: number, to: number): void {
    if (from === to) return
    const begin = source.#starts[from]!
    const end = source.#starts[to] ?? source.#writer.position
    const shift = this.#writer.position - begin
    this.#writer.raw(source.#writer.bytes.subarray(begin, end))
    for (let i = from; i < to; i++) {
      this.#starts.push(source.#starts[i]! + shift)
      this.#operations.push(source.#operations[i]!)
      this.#owners.push(source.#owners[i]!)
    }
  }

  #written(): WrittenSteps {
    return {
      bytes: this.#writer.written(),
      operations: this.#operations,
      starts: this.#starts,
      owners: this.#owners
    }
  }
}
