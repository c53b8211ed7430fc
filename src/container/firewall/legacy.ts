import { readFileSync } from 'node:fs'
import type { NetworkNamespace } from '../../namespace/index.js'

/**
 * Which of `ip` and `ip6` have a `filter` table of legacy iptables (`/proc/net/ip_tables_names`). Netlink can't read it, so
 * that nobody can tell here whether its FORWARD chain drops. Its presence proves nothing: `iptables-legacy -L` makes it.
 */
export function legacyFilters(namespace: NetworkNamespace): ('ip' | 'ip6')[] {
  const families = ['ip', 'ip6'] as const
  return namespace.runSync(() => families.filter((family) => tableNames(family).includes('filter')))
}

function tableNames(family: 'ip' | 'ip6'): string[] {
  try {
    return readFileSync(`/proc/thread-self/net/${family}_tables_names`, 'utf8').split('\n')
  } catch {
    // Without the modules there is no such file, and not everybody may read it.
    return []
  }
}

const warned = new WeakSet<NetworkNamespace>()

/** Emits a warning of the process, once for each namespace, where legacy iptables may drop what is forwarded. */
export function warnOfLegacyFilters(namespace: NetworkNamespace): void {
  if (warned.has(namespace)) return
  const families = legacyFilters(namespace)
  if (families.length === 0) return
  warned.add(namespace)
  process.emitWarning(
    `The host has rules of legacy iptables (table filter of ${families.join(' and ')}), which netloom can't read. ` +
      'If container networks are cut off, look there: iptables-legacy -L FORWARD',
    { code: 'NETLOOM_LEGACY_IPTABLES' }
  )
}
