import { describe, expect, it } from 'vitest'
import { needsProgram } from '../../../setup/requirements.js'
import { ruleCases } from './cases.js'
import type { RuleCase } from './cases.js'
import { lacks, nftLab } from './listing.js'

const defaultHook = { type: 'filter', hook: 'prerouting', priority: 0 } as const

function text({ family = 'inet', hook = defaultHook, nft }: RuleCase): string {
  const device = 'device' in hook ? ` device "${hook.device}"` : ''
  const base = `type ${hook.type} hook ${hook.hook}${device} priority ${hook.priority}; policy accept;`
  return `table ${family} t { chain d { }; chain c { ${base}; }; }; add rule ${family} t c ${nft} comment "a comment"`
}

describe('a rule', () => {
  needsProgram('nft', 'ip')

  it.for(ruleCases.map((each) => [`${each.family ?? 'inet'}: ${each.nft}`, each] as const))(
    '%s',
    async ([, each], context) => {
      const { family = 'inet', hook = defaultHook, expressions } = each
      await using theirs = await nftLab()
      await using ours = await nftLab()
      await using again = await nftLab()
      const missing = await theirs.nft(text(each)).then(
        () => undefined,
        (error: Error) => lacks(error) ?? Promise.reject(error)
      )
      if (missing !== undefined) context.skip(missing)
      await ours.stack.nftables.commit((tx) => {
        tx.tables.add({ family, name: 't' })
        tx.chains.add({ family, table: 't', name: 'd' })
        tx.chains.add({ family, table: 't', name: 'c', policy: 'accept', ...hook })
        tx.rules.add({ family, table: 't', chain: 'c', expressions, comment: 'a comment' })
      })
      const wanted = await theirs.listing()
      expect(await ours.listing()).toEqual(wanted)

      const ruleset = await theirs.stack.nftables.ruleset()
      await again.stack.nftables.commit((tx) => tx.restore(ruleset))
      expect(await again.listing()).toEqual(wanted)
    }
  )
})
