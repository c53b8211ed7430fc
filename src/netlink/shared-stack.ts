/**
 * Gives the errors of one exchange the same stack trace: they come from the same call, and taking a trace
 * for each would cost more than all the rest.
 */
export class SharedStack {
  #frames: string | undefined

  /** Makes something that carries an error. */
  share<const R extends { readonly error: Error }>(make: () => R): R {
    if (this.#frames === undefined) {
      const reply = make()
      const { stack = '' } = reply.error
      const frames = stack.indexOf('\n    at ')
      this.#frames = frames < 0 ? '' : stack.slice(frames)
      return reply
    }
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    try {
      const reply = make()
      reply.error.stack = `${reply.error.name}: ${reply.error.message}${this.#frames}`
      return reply
    } finally {
      Error.stackTraceLimit = limit
    }
  }
}
