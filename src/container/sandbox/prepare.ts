import type { SysctlKey } from '../../namespace/sysctl-key.js'
import { sysctlPath } from '../../namespace/sysctl-key.js'
import type { Inside } from '../drivers/driver.js'
import { kernelHasIpv6 } from '../engine/ipv6.js'
import type { SandboxRecord } from '../model/sandbox.js'

/**
 * A new namespace takes IPv4 forwarding from the one that the machine booted with (`net.core.devconf_inherit_init_net`):
 * a sandbox does not forward unless it is told to.
 */
const forwarding: readonly SysctlKey[] = ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding']

/** Brings a namespace into the state that a sandbox begins with. */
export async function prepareNamespace(
  { stack, namespace }: Inside,
  { sysctls, ownNamespace }: SandboxRecord,
  mark: string
): Promise<void> {
  await Promise.all([
    // By the alias `reconcile` knows whose the namespace is, if nothing else is known of it any more.
    stack.links.set('lo', ownNamespace ? { up: true, alias: mark } : { up: true }),
    ownNamespace ? stopForwarding({ stack, namespace }, sysctls) : undefined
  ])
  for (const [key, value] of Object.entries(sysctls)) await namespace.sysctl.set(key as SysctlKey, value)
}

async function stopForwarding({ namespace }: Inside, sysctls: SandboxRecord['sysctls']): Promise<void> {
  const given = new Set(Object.keys(sysctls).map((key) => sysctlPath(key)))
  const keys = forwarding.filter((key) => !given.has(sysctlPath(key)))
  const present = keys.filter((key) => kernelHasIpv6() || !key.startsWith('net.ipv6.'))
  await Promise.all(present.map((key) => namespace.sysctl.set(key, 0)))
}
