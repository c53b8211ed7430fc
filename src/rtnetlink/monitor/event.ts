import type { Address } from '../address/index.js'
import type { Link } from '../link/index.js'
import type { Neighbor } from '../neighbor/index.js'
import type { NextHop } from '../nexthop/index.js'
import type { Route } from '../route/index.js'
import type { Rule } from '../rule/index.js'

/** What can be watched, and the object that its events carry. */
export interface MonitoredObjects {
  link: Link
  address: Address
  route: Route
  neighbor: Neighbor
  rule: Rule
  nexthop: NextHop
}

export type MonitoredObject = keyof MonitoredObjects

/** One change, discriminated on `object`. */
export type MonitorEvent<O extends MonitoredObject = MonitoredObject> = {
  [K in O]: {
    readonly object: K
    /** `'new'` is an object that appeared or changed; `'delete'` one that is gone. */
    readonly change: 'new' | 'delete'
    /**
     * Tells this object from others of its kind: setting and deleting `value` under `key` in a `Map` for
     * each kind gives the kernel's state.
     */
    readonly key: string
    /** As it is now, or as it was last known. */
    readonly value: MonitoredObjects[K]
    /** It was there when the monitor began. */
    readonly initial?: true
    /** It was found by reading again, because the kernel sent no event for it or the event was lost. */
    readonly resync?: true
  }
}[O]

export interface MonitorOptions<O extends MonitoredObject = MonitoredObject> {
  /** What to watch; everything when absent. */
  readonly objects?: readonly O[] | undefined
  /** Begin with an event, marked `initial`, for each object that is there. Default false. */
  readonly initial?: boolean | undefined
  /**
   * Bytes of the kernel's queue for events that were not read yet (`net.core.rmem_default` when absent).
   * When it overflows, the monitor reads everything again and tells the difference.
   */
  readonly receiveBuffer?: number | undefined
  /** Ends the monitor; the loop then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}
