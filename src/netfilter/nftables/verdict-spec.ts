import { InvalidType, invalidType } from '../../codec/index.js'
import { nftName } from './names.js'
import type { Verdict, VerdictInput } from './verdict.js'

/** The verdicts that need no chain. */
const simple = ['accept', 'drop', 'continue', 'return'] as const

/** What becomes of a packet: `'accept'`, or another chain. */
export type VerdictSpec = (typeof simple)[number] | ChainVerdict

/** Another chain: `jump` comes back at its end, `goto` doesn't. */
export type ChainVerdict = { readonly jump: string } | { readonly goto: string }

const expected = `one of ${simple.map((name) => `"${name}"`).join(', ')}, { jump } or { goto }`

/** The verdict as the kernel takes it. */
export function verdictInput(spec: VerdictSpec): VerdictInput {
  if (typeof spec === 'string') {
    if (!simple.includes(spec)) throw new InvalidType(spec, expected, 'ERR_INVALID_ARG_VALUE')
    return { code: spec }
  }
  if (typeof spec !== 'object' || (spec as unknown) === null) invalidType(spec, expected)
  const code = 'jump' in spec ? 'jump' : 'goto'
  const chain = (spec as { readonly jump?: unknown; readonly goto?: unknown })[code]
  if (typeof chain !== 'string' || chain === '') throw new InvalidType(chain, nftName.expected).within(code)
  return { code, chain }
}

/** A verdict of the kernel; one of another kind keeps the kernel's form. */
export function readVerdict(verdict: Verdict): VerdictSpec | Verdict {
  const { code, chain } = verdict
  if (code === 'jump' && chain !== undefined) return { jump: chain }
  if (code === 'goto' && chain !== undefined) return { goto: chain }
  return simple.find((name) => name === code) ?? verdict
}
