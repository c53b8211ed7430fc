import { describe, expect, it } from 'vitest'
import { MalformedTable } from '../../../../src/netfilter/xtables/rule.js'
import { XtablesTable } from '../../../../src/netfilter/xtables/table.js'

type Family = 'inet' | 'inet6'
const families: Family[] = ['inet', 'inet6']

/** A verdict, an extension by its name, or the chain that begins. */
type Target = number | string | { readonly chain: string }

interface EntrySpec {
  /** Bytes to set, by the names of `struct ipt_ip` and `struct ip6t_ip6`. */
  readonly set?: Partial<Record<keyof (typeof places)['inet'], number[]>>
  readonly matches?: readonly string[]
  readonly target: Target
}

const places = {
  inet: { smsk: 8, iniface: 16, outiface: 32, inmask: 48, outmask: 64, proto: 80, flags: 82, invflags: 83 },
  inet6: {
    smsk: 32,
    iniface: 64,
    outiface: 80,
    inmask: 96,
    outmask: 112,
    proto: 128,
    flags: 131,
    invflags: 132
  }
} as const

function extension(name: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(32 + Math.ceil(data.length / 8) * 8)
  bytes.writeUInt16LE(bytes.length, 0)
  bytes.write(name, 2)
  data.copy(bytes, 32)
  return bytes
}

function target(of: Target): Buffer {
  if (typeof of === 'string') return extension(of, Buffer.alloc(8))
  const data = Buffer.alloc(typeof of === 'number' ? 4 : 30)
  if (typeof of === 'number') data.writeInt32LE(of)
  else data.write(of.chain)
  return extension(typeof of === 'number' ? '' : 'ERROR', data)
}

function entry(family: Family, spec: EntrySpec): Buffer {
  const size = family === 'inet' ? 112 : 168
  const header = Buffer.alloc(size)
  for (const [name, bytes] of Object.entries(spec.set ?? {})) {
    header.set(bytes, places[family][name as keyof (typeof places)['inet']])
  }
  const matches = (spec.matches ?? []).map((name) => extension(name, Buffer.alloc(3)))
  const before = Buffer.concat([header, ...matches])
  const whole = Buffer.concat([before, target(spec.target)])
  whole.writeUInt16LE(before.length, family === 'inet' ? 88 : 140)
  whole.writeUInt16LE(whole.length, family === 'inet' ? 90 : 142)
  return whole
}

const [accept, drop, back] = [-2, -1, -5]

/** FORWARD with these rules and the policy drop, then the chain `own`, with a rule that goes back. */
function bytesOf(family: Family, specs: (own: number, next: (index: number) => number) => EntrySpec[]) {
  const sizes = specs(0, () => 0).map((spec) => entry(family, spec).length)
  const next = (index: number) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0)
  const policy = next(sizes.length - 1)
  const [end, begin] = [entry(family, { target: drop }), entry(family, { target: { chain: 'own' } })]
  const own = policy + end.length + begin.length
  const rules = specs(own, next).map((spec) => entry(family, spec))
  const last = [entry(family, { target: back }), entry(family, { target: { chain: 'ERROR' } })]
  return {
    validHooks: 1 << 2,
    hookEntries: [0, 0, 0, 0, 0],
    underflows: [0, 0, policy, 0, 0],
    entries: new Uint8Array(Buffer.concat([...rules, end, begin, ...last]))
  }
}

const ones = (length: number): number[] => new Array<number>(length).fill(0xff)
const name = (text: string): number[] => [...Buffer.from(text)]
const goTo = { inet: 2, inet6: 4 }

describe.each(families)('a table of %s', (family) => {
  const rulesOf = (specs: Parameters<typeof bytesOf>[1]) =>
    new XtablesTable(family, bytesOf(family, specs)).rules('FORWARD')
  const oneRule = (spec: EntrySpec) => rulesOf(() => [spec])[0]!

  it('has chains and policies', () => {
    const table = new XtablesTable(
      family,
      bytesOf(family, () => [])
    )
    expect(table.policy('FORWARD')).toBe('drop')
    expect(table.policy('INPUT')).toBeUndefined()
    expect(table.rules('FORWARD')).toEqual([])
    expect(table.rules('own')).toEqual([{ hasOtherConditions: false, target: { kind: 'return' } }])
    expect(table.rules('ERROR')).toEqual([])
  })

  it('has targets', () => {
    const rules = rulesOf((own, next) => [
      ...[{ target: accept }, { target: drop }, { target: -4 }, { target: next(3) }],
      ...[{ target: 'REJECT' }, { target: 'LOG' }, { target: own }],
      { target: own, set: { flags: [goTo[family]] } }
    ])
    const kinds = ['accept', 'drop', 'other', 'continue', 'reject', 'other', 'jump', 'goto']
    expect(rules.map((rule) => rule.target.kind)).toEqual(kinds)
    expect(rules.at(-1)!.target).toEqual({ kind: 'goto', chain: 'own' })
    expect(rules.every((rule) => !rule.hasOtherConditions)).toBe(true)
  })

  it('has conditions on links', () => {
    const whole = { iniface: name('br0'), inmask: ones(4), outiface: name('nl-'), outmask: ones(3) }
    expect(oneRule({ set: { ...whole, invflags: [2] }, target: drop })).toEqual({
      input: { name: Uint8Array.of(...name('br0'), 0), inverted: false },
      output: { name: Uint8Array.of(...name('nl-')), inverted: true },
      hasOtherConditions: false,
      target: { kind: 'drop' }
    })
    const longest = { iniface: name('fifteen-letters'), inmask: ones(16) }
    expect(oneRule({ set: longest, target: drop }).input?.name).toHaveLength(16)
  })

  it.each<[string, Omit<EntrySpec, 'target'>, boolean]>([
    ['nothing', {}, false],
    ['a comment', { matches: ['comment', 'comment'] }, false],
    ['a match behind a comment', { matches: ['comment', 'conntrack'] }, true],
    ['an address', { set: { smsk: [255] } }, true],
    ['a protocol', { set: { proto: [6] } }, true],
    ['a fragment, or the like', { set: { flags: [1] } }, true],
    ['no address at all', { set: { invflags: [8] } }, true],
    ['no link at all', { set: { invflags: [1] } }, true],
    ['bytes in the middle of a name', { set: { iniface: [0, 98], inmask: [0, 255] } }, true]
  ])('has conditions on %s', (_what, spec, other) => {
    expect(oneRule({ ...spec, target: drop }).hasOtherConditions).toBe(other)
  })

  describe('that is damaged', () => {
    const whole = bytesOf(family, (own) => [
      { matches: ['comment'], target: own },
      { set: { iniface: name('br0'), inmask: ones(4) }, target: 'REJECT' }
    ])
    const read = (changes: Partial<typeof whole>): string => {
      try {
        const table = new XtablesTable(family, { ...whole, ...changes })
        for (const chain of ['FORWARD', 'own']) table.rules(chain)
        return 'read'
      } catch (error) {
        if (error instanceof MalformedTable) return error.code
        throw error
      }
    }

    it('is refused, wherever it is cut off', () => {
      expect(read({})).toBe('read')
      // The entry that ends it says nothing.
      const end = whole.entries.length - entry(family, { target: { chain: 'ERROR' } }).length
      for (let length = 0; length < whole.entries.length; length++) {
        const outcome = read({ entries: whole.entries.slice(0, length) })
        expect([length, outcome]).toEqual([length, length === end ? 'read' : 'EPROTO'])
      }
    })

    it('is read or refused, whichever byte is another', () => {
      const outcomes = new Set<string>()
      for (let at = 0; at < whole.entries.length; at++) {
        for (const value of [0, 1, 0x7f, 0xff]) {
          outcomes.add(read({ entries: whole.entries.with(at, value) }))
        }
      }
      expect([...outcomes].sort()).toEqual(['EPROTO', 'read'])
    })

    it('is refused where hooks or jumps lead beside an entry', () => {
      expect(read({ hookEntries: [0, 0, 8, 0, 0] })).toBe('EPROTO')
      expect(read({ hookEntries: [0, 0, 1 << 30, 0, 0] })).toBe('EPROTO')
      expect(read({ underflows: [0, 0, 8, 0, 0] })).toBe('EPROTO')
      const jump = bytesOf(family, (own) => [{ target: own + 8 }])
      expect(read(jump)).toBe('EPROTO')
    })
  })
})
