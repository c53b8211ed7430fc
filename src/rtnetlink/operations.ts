import type { NetlinkConnection, Operation } from '../netlink/index.js'

/**
 * The operations of one kind of object: each verb makes, out of what the caller gave, the operation that
 * does it. Stacks run them at once; batches gather them.
 */
export type Operations = Readonly<
  Record<string, (connection: NetlinkConnection, ...args: never[]) => Operation<unknown>>
>

/** What a verb takes, without the connection. */
type VerbArguments<F> = F extends (connection: NetlinkConnection, ...args: infer Args) => unknown
  ? Args
  : never

/** The same verbs in a batch: each checks its input, queues the operation and returns the index of its outcome. */
export type Queued<O extends Operations> = {
  readonly [V in keyof O]: (...args: VerbArguments<O[V]>) => number
}

/** Makes the batch's verbs out of the operations. */
export function queued<O extends Operations>(
  operations: O,
  connection: NetlinkConnection,
  add: (operation: Operation<unknown>) => number
): Queued<O> {
  const verbs = Object.entries(operations).map(([verb, make]) => [
    verb,
    (...args: never[]): number => add(make(connection, ...args))
  ])
  return Object.fromEntries(verbs) as Queued<O>
}
