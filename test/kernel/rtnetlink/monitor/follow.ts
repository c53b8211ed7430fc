/** A consumer that applies every event of a monitor, and can be compared with the kernel. */
import { expect, vi } from 'vitest'
import type { Monitor, MonitoredObject, MonitoredObjects, NetworkStack } from '../../../../src/index.js'

/** What changes without an event: counters, timers and ages. */
const volatile =
  /^(statistics|cacheInfo|probes|validLifetime|preferredLifetime|expires|(hello|tcn|topologyChange|gc|messageAge|forwardDelay|hold)Timer)$/

function stable(values: Iterable<object>): string[] {
  return [...values]
    .map((value) => JSON.stringify(value, (key, inner: unknown) => (volatile.test(key) ? undefined : inner)))
    .sort()
}

export interface View {
  /** How many events were marked `resync`. */
  readonly resyncs: number
  objects<O extends MonitoredObject>(object: O): ReadonlyMap<string, MonitoredObjects[O]>
  /** Waits until the view is the kernel's state. */
  agrees(stack: NetworkStack): Promise<void>
}

export function follow<O extends MonitoredObject>(monitor: Monitor<O>): View {
  const maps = new Map<MonitoredObject, Map<string, object>>()
  let resyncs = 0
  let failure: unknown
  const mapOf = (object: MonitoredObject): Map<string, object> => {
    const map = maps.get(object) ?? new Map<string, object>()
    maps.set(object, map)
    return map
  }
  const run = async (): Promise<void> => {
    for await (const event of monitor) {
      if (event.resync === true) resyncs++
      if (event.change === 'new') mapOf(event.object).set(event.key, event.value)
      else mapOf(event.object).delete(event.key)
    }
  }
  run().catch((error: unknown) => (failure = error))
  const lists: Record<MonitoredObject, (stack: NetworkStack) => Promise<object[]>> = {
    link: (stack) => stack.links.list(),
    address: (stack) => stack.addresses.list(),
    route: (stack) => stack.routes.list({ table: 'all' }),
    rule: (stack) => stack.rules.list(),
    neighbor: (stack) => stack.neighbors.list(),
    nexthop: (stack) => stack.nexthops.list()
  }
  return {
    get resyncs() {
      return resyncs
    },
    objects: <K extends MonitoredObject>(object: K) => mapOf(object) as Map<string, MonitoredObjects[K]>,
    agrees: (stack) =>
      vi.waitFor(
        async () => {
          expect(failure).toBeUndefined()
          for (const [object, map] of maps)
            expect(stable(map.values())).toEqual(stable(await lists[object](stack)))
        },
        { timeout: 'VM_RUN_GUEST' in process.env ? 120_000 : 20_000, interval: 200 }
      )
  }
}
