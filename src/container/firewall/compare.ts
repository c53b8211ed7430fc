import type {
  Chain,
  ChainSpec,
  ElementSpec,
  Expression,
  NftRule,
  NftSet,
  Ruleset,
  SetElement,
  SetSpec
} from '../../netfilter/nftables/index.js'
import type { ExpressionInput } from '../../netfilter/nftables/expression/index.js'
import { buildRule } from '../../netfilter/nftables/rule/rule.js'
import type { Contents } from './contents.js'

/** Whether a table, as it was read, holds exactly what it should: nothing missing, changed or too many. */
export function holdsExactly({ tables, ...found }: Ruleset, wanted: Contents): boolean {
  return (
    tables.length === 1 &&
    !tables[0]!.flags.includes('dormant') &&
    found.objects.length === 0 &&
    found.flowtables.length === 0 &&
    sameTexts(found.chains.map(chainText), wanted.chains.map(chainText)) &&
    sameTexts(found.sets.map(setText), wanted.sets.map(setText)) &&
    sameTexts(ruleTexts(found.rules), wantedRuleTexts(wanted)) &&
    sameTexts(
      found.sets.flatMap(({ name, elements }) => elements.map((element) => elementText(name, element))),
      wanted.elements.flatMap(({ set, elements }) =>
        elements.map((element) => elementText(set.name, element))
      )
    )
  )
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  const others = b.toSorted()
  return a.toSorted().every((text, index) => text === others[index])
}

function chainText({ name, type, hook, priority, policy }: Chain | ChainSpec): string {
  return JSON.stringify([name, type, hook, priority, policy])
}

function setText(set: NftSet | SetSpec): string {
  const { name, key, value, object, interval, constant, dynamic, timeout } = set
  return JSON.stringify([name, key, value, object, interval, constant, dynamic, timeout])
}

/** An element by its set, key and value; one that vanishes by itself is not the same. */
function elementText(set: string, { key, value, timeout }: SetElement | ElementSpec): string {
  return JSON.stringify([set, key, value, timeout])
}

/** Chain by chain the rules in their order. */
function ruleTexts(rules: readonly Pick<NftRule, 'chain' | 'expressions'>[]): string[] {
  const chains = new Map<string, string[]>()
  for (const { chain, expressions } of rules) {
    const list = chains.get(chain) ?? [chain]
    list.push(JSON.stringify(expressions.map(comparable)))
    chains.set(chain, list)
  }
  return [...chains.values()].map((list) => list.join('\n'))
}

/** The same of rules that are not in the kernel: the expressions that they become. */
function wantedRuleTexts({ rules, sets }: Contents): string[] {
  const intervals = new Map(sets.map(({ name, interval }) => [name, interval === true]))
  let id = 0
  return ruleTexts(
    rules.map((rule) => {
      const { builder } = buildRule(rule, {
        family: rule.family,
        nextId: () => ++id,
        knownSet: (name) => ({ id: 0, interval: intervals.get(name) === true })
      })
      return { chain: rule.chain, expressions: builder.expressions as Expression[] }
    })
  )
}

/**
 * An expression without what is said only to the kernel (the id of a set within its transaction), and without what the
 * kernel adds: attributes that say nothing, and of a translation the second end of an interval that is one value, and
 * flags that tell which registers are given.
 */
function comparable(expression: Expression | ExpressionInput): object {
  const entries = Object.entries(expression)
    .filter(([key, value]) => key !== 'setId' && !saysNothing(key, value))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const fields = Object.fromEntries(entries.map(([key, value]) => [key, plain(value)]))
  if (expression.kind === 'nat') {
    if (fields['addressEndRegister'] === fields['addressRegister']) delete fields['addressEndRegister']
    if (fields['portEndRegister'] === fields['portRegister']) delete fields['portEndRegister']
    const flags = expression.flags?.filter((flag) => flag !== 'map-addresses' && flag !== 'ports-given') ?? []
    if (flags.length === 0) delete fields['flags']
    else fields['flags'] = flags
  }
  return fields
}

function saysNothing(key: string, value: unknown): boolean {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return true
  if (key === 'operation') return value === 'mask-xor'
  return (key === 'checksumType' && value === 'none') || (key === 'checksumOffset' && value === 0)
}

/** Bytes as text, at any depth. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, plain(inner)])
  )
}

/** What of some contents a table holds. */
export function presentPart(
  { chains, sets }: Ruleset,
  contents: Contents
): Pick<Contents, 'chains' | 'elements'> {
  const names = new Set(chains.map(({ name }) => name))
  const texts = new Set(
    sets.flatMap(({ name, elements }) => elements.map((element) => elementText(name, element)))
  )
  return {
    chains: contents.chains.filter(({ name }) => names.has(name)),
    elements: contents.elements.map(({ set, elements }) => ({
      set,
      elements: elements.filter((element) => texts.has(elementText(set.name, element)))
    }))
  }
}
