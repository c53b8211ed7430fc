import { describe, expect, it } from 'vitest'
import { needsProgram } from '../../../setup/requirements.js'
import { lacks, nftLab } from './listing.js'
import { rulesetCases } from './ruleset-cases.js'

describe('a rule set', () => {
  needsProgram('nft', 'ip')

  it.for(rulesetCases.map((each) => [each.name, each] as const))('%s', async ([, each], context) => {
    await using theirs = await nftLab()
    await using ours = await nftLab()
    await using again = await nftLab()
    const missing = await theirs.nft(each.nft).then(
      () => undefined,
      (error: Error) => lacks(error) ?? Promise.reject(error)
    )
    if (missing !== undefined) context.skip(missing)
    await ours.stack.nftables.commit((tx) => each.make(tx))
    const wanted = await theirs.listing()
    expect(await ours.listing()).toEqual(wanted)

    const ruleset = await theirs.stack.nftables.ruleset()
    await again.stack.nftables.commit((tx) => tx.restore(ruleset))
    expect(await again.listing()).toEqual(wanted)
  })
})
