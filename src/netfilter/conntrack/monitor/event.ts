import type { Connection } from '../connection.js'
import type { Expectation } from '../expectation/index.js'

/** What can be watched, and the object that its events carry. */
export interface ConntrackObjects {
  connection: Connection
  expectation: Expectation
}

export type ConntrackObject = keyof ConntrackObjects

/** One change, discriminated on `object`. */
export type ConntrackEvent<O extends ConntrackObject = ConntrackObject> = {
  [K in O]: {
    readonly object: K
    /** `'new'`: it began. `'update'`: the kernel told of a change. `'delete'`: it is forgotten. */
    readonly change: 'new' | 'update' | 'delete'
    /** Tells this object from others of its kind. */
    readonly key: string
    /** What is known of it: an event carries a part, and the rest is as it was last told. */
    readonly value: ConntrackObjects[K]
    /** It was there when the monitor began. */
    readonly initial?: true
    /** It was found by reading again, because events were lost. */
    readonly resync?: true
  }
}[O]

export interface ConntrackMonitorOptions<O extends ConntrackObject = ConntrackObject> {
  /** What to watch; everything when absent. */
  readonly objects?: readonly O[] | undefined
  /** Begin with an event, marked `initial`, for each object that is there. Default false. */
  readonly initial?: boolean | undefined
  /**
   * Whether to keep what is known of every object, so that events are complete and those that the kernel
   * dropped can be made up for. Default true. Without it nothing is read or kept, which suits tables of
   * millions: events are told as they come, and the loop rejects with `ENOBUFS` once some were dropped.
   */
  readonly resync?: boolean | undefined
  /** Bytes of the kernel's queue for events that were not read yet; `net.core.rmem_default` when absent. */
  readonly receiveBuffer?: number | undefined
  /** Ends the monitor; the loop then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}
