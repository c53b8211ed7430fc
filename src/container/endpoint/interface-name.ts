import { NetloomError } from '../../netlink/index.js'

/**
 * The name of an endpoint's interface in its sandbox: the one that was asked for, or the prefix with the lowest number
 * that is free. Throws `ERR_INTERFACE_EXISTS`.
 */
export function chooseInterfaceName(
  requested: string | undefined,
  prefix: string,
  taken: ReadonlySet<string>
): string {
  if (requested === undefined) {
    for (let number = 0; ; number++) if (!taken.has(`${prefix}${number}`)) return `${prefix}${number}`
  }
  if (!taken.has(requested)) return requested
  throw new NetloomError('ERR_INTERFACE_EXISTS', `the sandbox has an interface ${requested} already`)
}
