import type { NamespaceReference } from '../../../namespace/index.js'
import type { NetworkStack } from '../../../network-stack.js'

/** What commands have that look into a namespace. */
export interface NamespaceWords {
  readonly namespace?: NamespaceReference
}

/** Opens the stack of a namespace for the time of `use`. */
export async function withStack<T>(
  { namespace }: NamespaceWords,
  use: (stack: NetworkStack) => Promise<T>
): Promise<T> {
  const { NetworkStack } = await import('../../../network-stack.js')
  const stack = await NetworkStack.open({ namespace })
  try {
    return await use(stack)
  } finally {
    await stack.close()
  }
}

/** What commands have that show objects of address families. */
export interface FamilyWords {
  readonly ipv4?: boolean
  readonly ipv6?: boolean
}

/** The family that `-4` or `-6` means; `undefined` is both. With neither, what `unsaid` says. */
export function familyOf(
  { ipv4 = false, ipv6 = false }: FamilyWords,
  unsaid?: 'inet'
): 'inet' | 'inet6' | undefined {
  if (ipv4 !== ipv6) return ipv4 ? 'inet' : 'inet6'
  return ipv4 ? undefined : unsaid
}
