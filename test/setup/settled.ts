/**
 * Until links that were just set up pass packets on. The kernel lets a device send only some time after its other end
 * is there, and drops what is sent before without a word; an IPv6 address that is tentative can't be used either. Those of
 * the links themselves are left out: duplicate address detection takes a second or two.
 */
import { expect, vi } from 'vitest'
import type { NetworkStack } from '../../src/index.js'

/** Waits for all veth links of these stacks that are up, whose other ends are to be up too, and for the addresses. */
export async function settled(...stacks: readonly NetworkStack[]): Promise<void> {
  for (const stack of stacks) {
    const waiting = async (): Promise<string[]> => {
      const [links, addresses] = await Promise.all([
        stack.links.list(),
        stack.addresses.list({ family: 'inet6', scope: 'global' })
      ])
      return [
        ...links
          .filter(
            (link) => link.kind === 'veth' && link.flags.includes('up') && link.operationalState !== 'up'
          )
          .map(({ name }) => name),
        ...addresses.filter(({ flags }) => flags.includes('tentative')).map(({ address }) => address)
      ]
    }
    await vi.waitFor(async () => expect(await waiting()).toEqual([]), { timeout: 20_000, interval: 5 })
  }
}
