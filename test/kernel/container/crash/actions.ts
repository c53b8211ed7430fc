/** Random things to do with container networks, again and again. */
import type { ContainerNetworks } from '../../../../src/container/index.js'

/** Refusals that are to be expected where several do things at random. */
const expected = new Set([
  'ERR_NETWORK_NOT_FOUND',
  'ERR_NETWORK_EXISTS',
  'ERR_NETWORK_IN_USE',
  'ERR_NETWORK_PREDEFINED',
  'ERR_SANDBOX_NOT_FOUND',
  'ERR_SANDBOX_EXISTS',
  'ERR_SANDBOX_IN_USE',
  'ERR_ENDPOINT_NOT_FOUND',
  'ERR_ENDPOINT_EXISTS',
  'ERR_PORT_IN_USE',
  'ERR_POOL_EXHAUSTED'
])

/** Numbers below `limit`, the same for the same seed (mulberry32). */
export type Random = (limit: number) => number

export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }
}

/** Does one thing. Rejects if it fails in a way that it should not. */
export async function act({ networks, sandboxes }: ContainerNetworks, random: Random): Promise<void> {
  const network = ['net1', 'net2', 'net3', 'bridge'][random(4)]!
  const name = `sandbox${random(6)}`
  try {
    switch (random(8)) {
      case 0:
        await networks.create({ name: network, ipv6: random(2) === 0, internal: random(4) === 0 })
        break
      case 1:
        await networks.remove(network)
        break
      case 2:
      case 3:
        await sandboxes.create({ name })
        break
      case 4:
        await sandboxes.remove(name, { force: random(3) > 0 })
        break
      case 5:
        await (await sandboxes.get(name)).disconnect(network)
        break
      default: {
        const { internal } = await networks.get(network)
        const ports = internal ? [] : [`${8000 + random(4)}:80`, { containerPort: 81 }].slice(random(3))
        await (await sandboxes.get(name)).connect(network, { ports })
      }
    }
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === undefined || !expected.has(code)) throw error
  }
}
