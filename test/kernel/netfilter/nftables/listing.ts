import { NetworkNamespace, NetworkStack } from '../../../../src/index.js'
import type { NftablesOptions } from '../../../../src/index.js'
import type { JsonObject, TestNamespace } from '../../../setup/namespace.js'
import { testNamespace } from '../../../setup/namespace.js'

/** A namespace whose rule set netloom changes and nft prints. */
export interface NftLab extends AsyncDisposable {
  readonly stack: NetworkStack
  readonly ns: TestNamespace
  /** Runs commands of nft's. */
  nft(text: string): Promise<string>
  /** What `nft -j list ruleset` prints, without handles and what nft says of itself. */
  listing(): Promise<unknown[]>
}

export async function nftLab(nftables: NftablesOptions = {}): Promise<NftLab> {
  const ns = await testNamespace()
  await ns.run('ip', 'link', 'set', 'lo', 'up')
  const namespace = await NetworkNamespace.open({ path: ns.path })
  const stack = await NetworkStack.open({ namespace, nftables })
  await namespace.close()
  return {
    ns,
    stack,
    nft: (text) => ns.run('nft', text),
    async listing() {
      const printed = JSON.parse(await ns.run('nft', '-j', 'list', 'ruleset')) as { nftables: JsonObject[] }
      return printed.nftables.filter((entry) => !('metainfo' in entry)).map(withoutHandles)
    },
    async [Symbol.asyncDispose]() {
      await stack.close()
      ns.close()
    }
  }
}

function withoutHandles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutHandles)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'handle')
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutHandles(inner)]))
}

/** The reason why this kernel can't do what nft asked of it; what nft itself refuses is a mistake of the test. */
export function lacks(error: Error): string | undefined {
  const missing = /Could not process rule: (Operation not supported|No such file or directory)/.exec(
    error.message
  )
  return missing === null ? undefined : `the kernel lacks it (${missing[1]})`
}
