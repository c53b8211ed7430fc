import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { compile, isInvalid, Writer, type AnyRecord } from '../../../src/codec/index.js'
import { expectationMessage } from '../../../src/netfilter/conntrack/expectation/schema.js'
import { connectionMessage } from '../../../src/netfilter/conntrack/schema.js'
import { chainMessage } from '../../../src/netfilter/nftables/chain/schema.js'
import { expressionKinds } from '../../../src/netfilter/nftables/expression/kinds/index.js'
import { flowtableMessage } from '../../../src/netfilter/nftables/flowtable/schema.js'
import { objectMessage } from '../../../src/netfilter/nftables/object/schema.js'
import { ruleMessage as nftRuleMessage } from '../../../src/netfilter/nftables/rule/schema.js'
import { elementListMessage, setMessage } from '../../../src/netfilter/nftables/set/schema.js'
import { tableMessage } from '../../../src/netfilter/nftables/table/schema.js'
import { addressMessage } from '../../../src/rtnetlink/address/schema.js'
import { fdbMessage } from '../../../src/rtnetlink/bridge/fdb/schema.js'
import { vlanMessage } from '../../../src/rtnetlink/bridge/vlan/schema.js'
import { linkMessage } from '../../../src/rtnetlink/link/schema.js'
import { neighborMessage } from '../../../src/rtnetlink/neighbor/schema.js'
import { nextHopMessage } from '../../../src/rtnetlink/nexthop/schema.js'
import { routeMessage, routeSelector } from '../../../src/rtnetlink/route/schema.js'
import { ruleMessage } from '../../../src/rtnetlink/rule/schema.js'

/** The schemas of the objects themselves: compiled as interpreted, whatever the kernel or a user gives. */
const schemas = {
  addressMessage,
  chainMessage,
  connectionMessage,
  elementListMessage,
  expectationMessage,
  fdbMessage,
  flowtableMessage,
  linkMessage,
  neighborMessage,
  nextHopMessage,
  nftRuleMessage,
  objectMessage,
  routeMessage,
  routeSelector,
  ruleMessage,
  setMessage,
  tableMessage,
  vlanMessage,
  ...Object.fromEntries(expressionKinds.map(({ name, data }) => [`${name} expression`, data]))
} as unknown as Record<string, AnyRecord>

const cases = Object.entries(schemas).map(([name, schema]) => {
  const interpreted = { ...schema, ...schema.own } as AnyRecord
  return { name, interpreted, compiled: compile(interpreted, { after: 0 }) }
})

function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected)
}

/** Attributes that the schema knows, of lengths that they may have, some nested, among some that it does not. */
function messages(type: AnyRecord): fc.Arbitrary<Uint8Array> {
  const numbers = Object.values(type.fields).flatMap((field) => [...field.types])
  const payload = fc.oneof(
    fc.constantFrom(1, 2, 4, 8, 16).chain((size) => fc.uint8Array({ minLength: size, maxLength: size })),
    fc.uint8Array({ maxLength: 24 }),
    fc
      .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.uint8Array({ maxLength: 8 })), { maxLength: 3 })
      .map((items) => Uint8Array.from(items.flatMap(([number, bytes]) => attributeOf(number, bytes))))
  )
  const attribute = fc.tuple(
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...numbers, 1) }, fc.nat(80)),
    payload
  )
  return fc
    .tuple(
      fc.oneof(fc.constantFrom(2, 10, 7, 28), fc.nat(255)),
      fc.uint8Array({ minLength: type.headerSize, maxLength: type.headerSize }),
      fc.array(attribute, { maxLength: 8 })
    )
    .map(([family, header, attributes]) => {
      if (header.length > 0) header[0] = family
      return Uint8Array.from([
        ...header,
        ...attributes.flatMap(([number, bytes]) => attributeOf(number, bytes))
      ])
    })
}

function attributeOf(number: number, payload: Uint8Array): number[] {
  const length = payload.length + 4
  return [length, 0, number & 0xff, number >> 8, ...payload, ...new Uint8Array(-length & 3)]
}

function written(type: AnyRecord, value: unknown): unknown {
  const writer = new Writer(64)
  try {
    type.write(writer, value as never)
    return [...writer.written()]
  } catch (error) {
    return isInvalid(error) ? `${error.name} ${error.code} ${error.message}` : error
  }
}

describe.each(cases)('$name', { timeout: 60_000 }, ({ interpreted, compiled }) => {
  it('reads any message alike, and what it read it writes alike', () => {
    fc.assert(
      fc.property(messages(interpreted), fc.nat(), (bytes, cut) => {
        for (const length of [bytes.length, cut % (bytes.length + 1)]) {
          const expected = interpreted.read(bytes, 0, length)
          expectSame(compiled.read(bytes, 0, length), expected)
          expectSame(written(compiled, expected), written(interpreted, expected))
          // What can only be read is refused; without it, the rest is written.
          const rest = Object.entries(expected as object).filter(
            ([key]) => interpreted.fields[key]?.write !== undefined
          )
          expectSame(
            written(compiled, Object.fromEntries(rest)),
            written(interpreted, Object.fromEntries(rest))
          )
        }
      }),
      { numRuns: 200 }
    )
  })

  it('refuses alike', () => {
    const keys = [...Object.keys(interpreted.fields), 'unknown', 'nothing']
    const values = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        0,
        1,
        254,
        -1,
        2 ** 32,
        'eth0',
        '10.0.0.1',
        '10.0.0.0/8',
        'fd00::1',
        'fd00::/8',
        'default',
        'inet',
        'inet6'
      ),
      fc.anything()
    )
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys), values, { maxKeys: 5, noNullPrototype: true }),
        (value) => {
          const expected = written(interpreted, value)
          // Nothing but a refusal that names the field is thrown, whatever the value.
          expect(expected instanceof Error).toBe(false)
          expectSame(written(compiled, value), expected)
        }
      ),
      { numRuns: 300 }
    )
  })
})
