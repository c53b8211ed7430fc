import type { CallOptions } from '../../netlink/index.js'
import type { NetworkNamespace } from '../../namespace/index.js'
import { NetworkStack } from '../../network-stack.js'
import type { Address } from '../../rtnetlink/address/index.js'
import type { Link } from '../../rtnetlink/link/index.js'
import type { Route } from '../../rtnetlink/route/index.js'

/** What the kernel tells of one namespace. */
export interface StackContents {
  readonly links: readonly Link[]
  readonly addresses: readonly Address[]
  readonly defaultRoutes: readonly Route[]
}

/** Reads a namespace; that of this process without entering it, which needs no privilege. */
export async function readStack(
  namespace: NetworkNamespace | undefined,
  options: CallOptions
): Promise<StackContents> {
  const stack = await NetworkStack.open({ namespace })
  try {
    return {
      links: await stack.links.list({}, options),
      addresses: await stack.addresses.list({}, options),
      defaultRoutes: await stack.routes.list({ destination: 'default', type: 'unicast' }, options)
    }
  } finally {
    await stack.close()
  }
}
