/** Milliseconds of work after which the event loop gets a turn. */
const slice = 1

/** Looking at the clock for each of many small things would cost more than the things. */
const manySmall = 32

/** Cuts long work into slices, so that timers and other calls get their turn between them. */
export class Pacer {
  readonly #stride: number
  #since = performance.now()
  #steps = 0

  /** `stride` is how many steps pass between looks at the clock: 1 where each is worth one. */
  constructor(stride = manySmall) {
    this.#stride = stride
  }

  /** True when the slice is used up: then await `turn`. Ask it once for each of many small things. */
  due(): boolean {
    return ++this.#steps % this.#stride === 0 && performance.now() - this.#since > slice
  }

  /** Lets the event loop go round once. */
  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#since = performance.now()
  }
}
