import { hasCode } from '../../errors/has-code.js'
import type { NetworkRecord } from '../../model/network.js'
import type { Host } from '../driver.js'
import { findLink } from '../find-link.js'
import { macAddressOf } from '../mac-address.js'
import { isOwnParent, taken } from './own-link.js'
import { parentPlanOf } from './plan.js'

/** Makes the dummy link of a network, or completes it. */
export async function ensureDummy(host: Host, network: NetworkRecord): Promise<void> {
  const { stack, mark } = host
  const { parent: name } = parentPlanOf(network)
  const macAddress = macAddressOf(network.id)
  try {
    await stack.links.add({ kind: 'dummy', name, macAddress, alias: mark, up: true })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    const link = await findLink(stack, name)
    if (link === undefined || !isOwnParent(host, network, link)) throw taken(name)
    if (!link.up || link.alias !== mark) await stack.links.set(link.index, { up: true, alias: mark })
  }
}
