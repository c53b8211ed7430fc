import type { Sysctl, SysctlKey } from '../../namespace/index.js'
import { hasCode } from '../errors/has-code.js'

/** Turns IPv6 of a link on or off. Mostly it is on already. */
export async function enableIpv6(sysctl: Sysctl, name: string, enabled: boolean): Promise<void> {
  const key: SysctlKey = `net/ipv6/conf/${name}/disable_ipv6`
  try {
    if (enabled && (await sysctl.get(key)) === 0) return
    await inTurn(() => sysctl.set(key, enabled ? 0 : 1))
  } catch (error) {
    // A kernel without IPv6 has nothing to turn off.
    if (enabled || !hasCode(error, 'ENOENT')) throw error
  }
}

let turn: Promise<unknown> = Promise.resolve()

/** Whoever writes the parameter spins while another thread has the routing lock: one at a time does. */
function inTurn(write: () => Promise<void>): Promise<void> {
  const written = turn.then(write)
  turn = written.catch(() => undefined)
  return written
}
