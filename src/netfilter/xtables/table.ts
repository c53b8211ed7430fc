import type { NativeXtablesTable } from '../../binding.js'
import { type XtablesFamily, entryLayouts } from './layout.js'
import { type Entry, MalformedTable, type XtablesRule } from './rule.js'
import { entryAt, readRule, targetData, targetName, textOf } from './rule.js'

/** The chains of the hooks, by their numbers (`NF_INET_*`, linux/netfilter.h). */
const builtIn = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const

export type BuiltInChain = (typeof builtIn)[number]

/**
 * A table of legacy iptables. The kernel holds it as one piece: the chains lie one behind the other, each of its users'
 * begins with an entry that holds its name, and each built-in one ends with its policy.
 */
export class XtablesTable {
  readonly #family: XtablesFamily
  /** Rules that have not been read yet, and those that have. */
  readonly #entries = new Map<string, Entry[]>()
  readonly #rules = new Map<string, readonly XtablesRule[]>()
  readonly #policies = new Map<string, 'accept' | 'drop'>()
  readonly #starts = new Map<number, string>()

  /** Throws `MalformedTable` for bytes that don't hold together. */
  constructor(family: XtablesFamily, native: NativeXtablesTable) {
    this.#family = family
    const { entries: table } = native
    const hooks = builtIn.filter((_name, hook) => (native.validHooks & (1 << hook)) !== 0)
    const placeOf = (list: readonly number[], name: BuiltInChain) => list[builtIn.indexOf(name)]!
    const policies = new Map(hooks.map((name) => [placeOf(native.underflows, name), name]))
    for (const name of hooks) this.#starts.set(placeOf(native.hookEntries, name), name)

    let chain: Entry[] | undefined
    for (let offset = 0; offset < table.length;) {
      const entry = entryAt(table, offset, entryLayouts[family])
      const next = offset + entry.bytes.length
      const begins = this.#starts.get(offset)
      if (begins !== undefined) this.#entries.set(begins, (chain = []))
      const policyOf = policies.get(offset)
      if (policyOf !== undefined) {
        this.#policies.set(policyOf, this.#readPolicy(entry))
      } else if (targetName(entry) !== 'ERROR') {
        chain?.push(entry)
      } else if (next < table.length) {
        // The last one only ends the table.
        this.#starts.set(next, textOf(targetData(entry)))
      }
      offset = next
    }
    for (const [offset, name] of this.#starts) {
      if (!this.#entries.has(name)) throw new MalformedTable(offset)
    }
    for (const [offset, name] of policies) {
      if (!this.#policies.has(name)) throw new MalformedTable(offset)
    }
  }

  /** What becomes of packets at the end of a chain; `undefined` where the table has no such chain. */
  policy(chain: BuiltInChain): 'accept' | 'drop' | undefined {
    return this.#policies.get(chain)
  }

  /** The rules of a chain, but for the policy; none where the table has no such chain. Throws `MalformedTable`. */
  rules(chain: string): readonly XtablesRule[] {
    const known = this.#rules.get(chain)
    if (known !== undefined) return known
    const rules = (this.#entries.get(chain) ?? []).map((entry) => this.#read(entry))
    this.#rules.set(chain, rules)
    return rules
  }

  #read(entry: Entry): XtablesRule {
    return readRule(entry, entryLayouts[this.#family], (offset) => this.#starts.get(offset))
  }

  #readPolicy(entry: Entry): 'accept' | 'drop' {
    const { kind } = this.#read(entry).target
    if (kind !== 'accept' && kind !== 'drop') throw new MalformedTable(entry.offset)
    return kind
  }
}
