import type { Expression, NftRule, UnknownExpression, Verdict } from '../../netfilter/nftables/index.js'

/** A packet that begins a connection, by what is known of it. */
export interface Probe {
  readonly family: 'inet' | 'inet6'
  /** The links that it comes from and goes to; absent where it may be any but a bridge of the network. */
  readonly from?: string | undefined
  readonly into?: string | undefined
}

/** What becomes of a packet, and in which chain that is decided. */
export interface Fate {
  readonly verdict: 'accept' | 'drop'
  readonly chain: string
}

/** `NFT_JUMP_STACK_SIZE`, net/netfilter/nf_tables.h */
const deepest = 16

/** As much of a rule as is judged. */
export type JudgedRule = Pick<NftRule, 'expressions'>

/** Reads the rules of a chain of the table in question; `'accept'` for a chain that will accept the packet. */
export type ReadChain = (chain: string) => Promise<readonly JudgedRule[] | 'accept'>

/**
 * What becomes of a packet in a chain; `undefined` where it reaches the end, or as far as can be told. A rule that looks at
 * anything but the links and the family (addresses, ports, states, sets, extensions of iptables) is passed over as if it
 * did not match: so what is told to be dropped may be accepted by such a rule, and the other way round.
 */
export async function fateIn(
  read: ReadChain,
  chain: string,
  probe: Probe,
  depth = 0
): Promise<Fate | undefined> {
  if (depth > deepest) return undefined
  const rules = await read(chain)
  if (rules === 'accept') return { verdict: 'accept', chain }
  for (const rule of rules) {
    const verdict = decisionOf(rule.expressions, probe)
    if (verdict === undefined || verdict.code === 'continue') continue
    if (verdict.code === 'accept' || verdict.code === 'drop') return { verdict: verdict.code, chain }
    if (verdict.chain === undefined) return undefined
    const fate = await fateIn(read, verdict.chain, probe, depth + 1)
    if (fate !== undefined || verdict.code === 'goto') return fate
  }
  return undefined
}

/** What a rule says about a packet; `undefined` where it does not match, or that can't be told. */
function decisionOf(expressions: readonly Expression[], probe: Probe): Verdict | undefined {
  const registers = new Map<unknown, Uint8Array | undefined>()
  for (const expression of expressions) {
    switch (expression.kind) {
      case 'counter':
      case 'log':
        break
      case 'meta':
        if (expression.destinationRegister === undefined) break
        registers.set(expression.destinationRegister, knownValue(expression.key, probe))
        break
      case 'cmp': {
        const known = registers.get(expression.sourceRegister)
        const { value } = expression.data
        if (known === undefined || value === undefined) return undefined
        const equal = Buffer.compare(known.subarray(0, value.length), value) === 0
        if (expression.operator !== (equal ? '==' : '!=')) return undefined
        break
      }
      case 'immediate':
        if (expression.data.verdict !== undefined) return expression.data.verdict
        registers.set(expression.destinationRegister, expression.data.value)
        break
      case 'reject':
        return { code: 'drop' }
      case 'unknown': {
        const extension = extensionOf(expression)
        if (extension === 'match comment') break
        return extension === 'target REJECT' ? { code: 'drop' } : undefined
      }
      default:
        return undefined
    }
  }
  return undefined
}

/** Which extension of iptables an expression is: `NFTA_MATCH_NAME` and `NFTA_TARGET_NAME` are the first attribute. */
function extensionOf({ name, data }: UnknownExpression): string | undefined {
  if (data === undefined || (name !== 'match' && name !== 'target')) return undefined
  const text = Buffer.from(data.subarray(4)).toString('latin1')
  return `${name} ${text.slice(0, Math.max(text.indexOf('\0'), 0))}`
}

/** `NFPROTO_IPV4` and `NFPROTO_IPV6`, linux/netfilter.h */
const protocols = { inet: 2, inet6: 10 } as const

function knownValue(key: unknown, { family, from, into }: Probe): Uint8Array | undefined {
  if (key === 'nfproto') return Uint8Array.of(protocols[family])
  const name = key === 'iifname' ? from : key === 'oifname' ? into : undefined
  return name === undefined ? undefined : Buffer.from(name.padEnd(16, '\0'))
}
