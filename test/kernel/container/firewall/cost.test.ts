/** What a change costs is counted, not timed: the bytes that the kernel is asked with. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PublishedPort } from '../../../../src/container/firewall/index.js'
import { NetlinkConnection } from '../../../../src/netlink/index.js'
import { needsKind } from '../../../setup/requirements.js'
import { Lab, published } from './lab.js'
import type { Container } from './lab.js'

/** The sizes of all requests that `work` makes; real ones go through. */
async function requestsOf(work: () => Promise<unknown>): Promise<number[]> {
  const sizes: number[] = []
  const transfer = vi.spyOn(NetlinkConnection.prototype, 'exchange')
  const list = vi.spyOn(NetlinkConnection.prototype, 'list')
  try {
    await work()
    for (const [requests] of transfer.mock.calls) sizes.push(requests.bytes.length)
    // A listing counts as one request.
    for (let i = 0; i < list.mock.calls.length; i++) sizes.push(0)
  } finally {
    transfer.mockRestore()
    list.mockRestore()
  }
  return sizes
}

describe('the cost', () => {
  needsKind('veth', 'bridge')
  afterEach(() => vi.restoreAllMocks())

  const port = (web: Container, number: number): PublishedPort =>
    published(web, 'inet', { protocol: 'tcp', hostPort: 10_000 + number, containerPort: 80 })

  it('of a port is one transaction, and the same for the first as for the 200th', async () => {
    await using lab = await Lab.open()
    const web = await lab.container(await lab.network(1), 2)
    const costs: number[][] = []
    for (let number = 0; number < 200; number++) {
      costs.push(await requestsOf(() => lab.firewall.publish([port(web, number)])))
    }
    expect(costs[0]).toHaveLength(1)
    expect(costs[0]![0]).toBeGreaterThan(0)
    expect(costs[199]).toEqual(costs[0])
    const withdrawn: number[][] = []
    for (let number = 0; number < 200; number++) {
      withdrawn.push(await requestsOf(() => lab.firewall.withdraw([port(web, number)])))
    }
    // One transaction, and the connections: older kernels must be asked for them first.
    expect(withdrawn[0]!.length).toBeGreaterThanOrEqual(2)
    expect(withdrawn[0]!.length).toBeLessThanOrEqual(3)
    expect(withdrawn[199]).toEqual(withdrawn[0])
  })

  it('of a network is the same for the second as for the 50th', async () => {
    await using lab = await Lab.open()
    const spec = (number: number) => ({
      id: `${number}`.padStart(12, '0').padEnd(64, '0'),
      bridge: `br${String(number).padStart(3, '0')}`,
      subnets: [`10.1.${100 + number}.0/24`, `fd00:${100 + number}::/64`],
      ...{ internal: false, interContainer: true, masquerade: true }
    })
    const costs: number[][] = []
    for (let number = 0; number < 50; number++) {
      costs.push(await requestsOf(() => lab.firewall.ensureNetwork(spec(number))))
    }
    expect(costs[49]).toEqual(costs[1])
    expect(costs[1]!.filter((bytes) => bytes > 0)).toHaveLength(1)
    const removed: number[][] = []
    for (let number = 0; number < 49; number++) {
      removed.push(await requestsOf(() => lab.firewall.removeNetwork(spec(number))))
    }
    expect(removed[48]).toEqual(removed[0])
  })
})
