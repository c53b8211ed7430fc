import type { Case, Scenario } from '../scenario.js'
import { pick } from '../scenario.js'

/** A whole container's network, by hand. */
export const container: Scenario = {
  id: 'container',
  title: 'Containers by hand',
  description:
    'A named namespace, a veth pair into it, both ends and loopback up, an address, and three routes; then ' +
    'its removal: until the call returns, and until the kernel has removed everything.',
  cases(sizes) {
    const make = (count: number, concurrency: number, title: string): Case => ({
      title,
      operation: 'container',
      arguments: { count, concurrency },
      series: title,
      size: count,
      figures: [
        { title: 'make, median', path: 'samples.add.p50', unit: 'µs' },
        { title: 'make, p99', path: 'samples.add.p99', unit: 'µs' },
        { title: 'remove, median', path: 'samples.remove.p50', unit: 'µs' },
        { title: 'remove, p99', path: 'samples.remove.p99', unit: 'µs' },
        { title: 'gone, median', path: 'samples.gone.p50', unit: 'µs' },
        { title: 'gone, p99', path: 'samples.gone.p99', unit: 'µs' }
      ],
      count
    })
    const alone = pick(sizes, 100, 3)
    const many = pick(sizes, 400, 6)
    const concurrency = pick(sizes, 100, 3)
    return [
      make(alone, 1, 'one container after another'),
      make(many, concurrency, `${concurrency} containers at a time`)
    ]
  }
}
