import type { Case, Scenario } from '../scenario.js'
import { pick } from '../scenario.js'
import { plain } from './plain.js'

/** One call after another. */
export const single: Scenario = {
  id: 'single',
  title: 'Single calls',
  description: 'The latency of one call after another over one socket, and the throughput of 100 in flight.',
  cases(sizes) {
    const calls = pick(sizes, 2_000, 20)
    const latency = (operation: string, part: string, title: string): Case => ({
      title,
      operation,
      arguments: { count: calls },
      series: title,
      size: calls,
      figures: ['p50', 'p90', 'p99', 'max'].map((quantile) => ({
        title: quantile === 'p50' ? 'median' : quantile,
        path: `samples.${part}.${quantile}`,
        unit: 'µs'
      })),
      count: calls
    })
    const count = pick(sizes, 10_000, 200)
    const concurrency = pick(sizes, 100, 10)
    return [
      latency('link-get', 'get', 'read one link'),
      latency('route-add', 'add', 'add one route'),
      {
        title: `read one link, ${concurrency} in flight, ${plain(count)} times`,
        operation: 'link-get-concurrent',
        arguments: { count, concurrency },
        series: 'read one link, concurrently',
        size: count,
        figures: [
          { title: 'wall', path: 'seconds.get', unit: 's' },
          { title: 'a call', path: 'seconds.get', unit: 's', per: count }
        ],
        count
      }
    ]
  }
}
