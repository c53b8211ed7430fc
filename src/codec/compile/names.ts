import type { Scope } from '../inline.js'

/** Generated code in the making: what it refers to, and its variables. */
export class Names implements Scope {
  readonly #constants = new Map<unknown, string>()
  readonly #memory: string[] = []
  #locals: string[] = []
  #count = 0

  constant(value: unknown): string {
    let name = this.#constants.get(value)
    if (name === undefined) this.#constants.set(value, (name = `c${this.#constants.size}`))
    return name
  }

  memory(initial: string): string {
    const name = `g${this.#count++}`
    this.#memory.push(`let ${name} = ${initial}`)
    return name
  }

  local(initial: string): string {
    const name = `l${this.#count++}`
    this.#locals.push(`let ${name} = ${initial}`)
    return name
  }

  /** The declarations of the function's variables so far; the next function begins anew. */
  takeLocals(): string {
    const locals = this.#locals.join('\n')
    this.#locals = []
    return locals
  }

  /** Evaluates source text that declares functions, and gives the function `name`. */
  evaluate<T>(source: string, name: string): T {
    const body = `'use strict'\n${this.#memory.join('\n')}\n${source}\nreturn ${name}`
    // The text is made from schemas and property names of this library's own, never from input.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    return new Function(...this.#constants.values(), body)(...this.#constants.keys()) as T
  }
}

/** A property of a variable, as source text. */
export const property = (object: string, key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${object}.${key}` : `${object}[${JSON.stringify(key)}]`
