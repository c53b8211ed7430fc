import { readdirSync } from 'node:fs'
import type { NetworkNamespace, SysctlKey } from '../../namespace/index.js'
import { hasCode } from '../errors/has-code.js'

/** Parameters with the values that they had: `namespace.sysctl.setMany` puts them back. */
export type EarlierValues = Readonly<Record<SysctlKey, number>>

/** How often the parameters are read again where a link vanishes meanwhile. */
const attempts = 5

/**
 * Makes a namespace forward packets of these families, and resolves to the values of what it changed; of nothing, where
 * it forwards already.
 *
 * A host that begins to forward IPv6 forgets the default routes that routers have announced to it, and takes no further
 * ones, but for links whose `accept_ra` is 2 (Documentation/networking/ip-sysctl.rst). So links that take them now
 * (`accept_ra` 1) get that first. Links that are made later are not changed: a bridge of containers should have
 * `accept_ra` 0.
 *
 * Rejects with `ENOENT` where the kernel has no IPv6, and with `EROFS`, `EACCES` or `EPERM` where the parameters can't be
 * changed; what was changed is put back then.
 */
export async function ensureForwarding(
  namespace: NetworkNamespace,
  families: readonly ('inet' | 'inet6')[]
): Promise<EarlierValues> {
  for (let attempt = 1; ; attempt++) {
    const changes = await neededChanges(namespace, families)
    try {
      return (await namespace.sysctl.setMany(changes)) as EarlierValues
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || attempt === attempts) throw error
    }
  }
}

async function neededChanges(
  namespace: NetworkNamespace,
  families: readonly ('inet' | 'inet6')[]
): Promise<Record<SysctlKey, number>> {
  const { sysctl } = namespace
  const changes: Record<SysctlKey, number> = {}
  if (families.includes('inet') && (await sysctl.get('net.ipv4.ip_forward')) === 0) {
    changes['net.ipv4.ip_forward'] = 1
  }
  if (families.includes('inet6') && (await sysctl.get('net.ipv6.conf.all.forwarding')) === 0) {
    for (const key of await takersOfAdvertisements(namespace)) changes[key] = 2
    changes['net.ipv6.conf.all.forwarding'] = 1
  }
  return changes
}

/** The parameter of each link that takes routes from advertisements as long as the host does not forward. */
async function takersOfAdvertisements(namespace: NetworkNamespace): Promise<SysctlKey[]> {
  const links = namespace.runSync(() => readdirSync('/proc/sys/net/ipv6/conf'))
  const keys = links
    .filter((link) => link !== 'all' && link !== 'default')
    .map((link): SysctlKey => `net/ipv6/conf/${link}/accept_ra`)
  const values = await Promise.all(keys.map((key) => valueOf(namespace, key)))
  return keys.filter((_, index) => values[index] === 1)
}

/** The value of a parameter; `undefined` where its link has vanished. */
async function valueOf(namespace: NetworkNamespace, key: SysctlKey): Promise<unknown> {
  try {
    return await namespace.sysctl.get(key)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
