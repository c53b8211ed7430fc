import { InvalidType, bytes, enumeration, requireObject, u16, within } from '../../../codec/index.js'
import type { Field, InputOf, OutputOf, Source, Type } from '../../../codec/index.js'
import { ip6Encapsulation, ipEncapsulation } from './ip-tunnel.js'
import { mplsEncapsulation } from './mpls.js'
import { rplEncapsulation } from './rpl.js'
import { seg6LocalEncapsulation } from './seg6-local.js'
import { seg6Encapsulation } from './seg6.js'

export { mplsLabels } from './mpls.js'

/** `LWTUNNEL_ENCAP_*`, linux/lwtunnel.h, as iproute2 names them. */
const encapsulationType = enumeration(u16, {
  mpls: 1,
  ip: 2,
  ila: 3,
  ip6: 4,
  seg6: 5,
  bpf: 6,
  seg6local: 7,
  rpl: 8,
  ioam6: 9,
  xfrm: 10
})

/** How the types that netloom knows lie in `RTA_ENCAP`. */
const known = {
  mpls: mplsEncapsulation,
  ip: ipEncapsulation,
  ip6: ip6Encapsulation,
  seg6: seg6Encapsulation,
  seg6local: seg6LocalEncapsulation,
  rpl: rplEncapsulation
} as const

type Known = typeof known

/** A type that netloom knows by name or number only: what lies in `RTA_ENCAP`, as it is. */
export interface RawEncapsulation {
  readonly type: 'ila' | 'bpf' | 'ioam6' | 'xfrm' | number
  readonly data: Uint8Array
}

/** What a route puts around its packets, as the kernel has it; discriminated by `type`. */
export type Encapsulation =
  { [K in keyof Known]: { readonly type: K } & Readonly<OutputOf<Known[K]>> }[keyof Known] | RawEncapsulation

/** What a route shall put around its packets. */
export type EncapsulationSpec =
  { [K in keyof Known]: { readonly type: K } & Readonly<InputOf<Known[K]>> }[keyof Known] | RawEncapsulation

const raw = bytes()

function bodyOf(type: unknown): Type<object, object> | undefined {
  return typeof type === 'string' && Object.hasOwn(known, type) ? known[type as keyof Known] : undefined
}

/** Where an encapsulation lies in the message while its type is not known yet. */
class Pending {
  readonly offset: number
  readonly length: number
  constructor(offset: number, length: number) {
    this.offset = offset
    this.length = length
  }
}

/**
 * An encapsulation: its type in the attribute `typeNumber`, the rest in `number`. The kernel sends the type
 * after the rest.
 */
export function encapsulation(typeNumber: number, number: number): Field<Encapsulation, EncapsulationSpec> {
  return {
    types: [typeNumber, number],
    write(writer, value) {
      requireObject(value, 'an encapsulation: an object with its type')
      const { type, ...rest } = value
      const typeStart = writer.beginAttribute(typeNumber)
      within('type', () => encapsulationType.write(writer, type))
      writer.endAttribute(typeStart)
      const named = encapsulationType.nameOf(encapsulationType.numberOf(type))
      const body = bodyOf(named)
      const start = writer.beginAttribute(body === undefined ? number : number | 0x8000)
      if (body !== undefined) body.write(writer, rest)
      else writeRaw(rest, (data) => raw.write(writer, data))
      writer.endAttribute(start)
    },
    readAttribute(target, key, source, offset, length, attributeNumber, options) {
      const partner = target[key] as Pending | string | number | undefined
      if (attributeNumber === number) {
        target[key] =
          partner === undefined
            ? new Pending(offset, length)
            : decode(partner as string | number, source, offset, length, options)
        return true
      }
      if (length < u16.size) return false
      const type = encapsulationType.read(source, offset, length)
      target[key] =
        partner instanceof Pending ? decode(type, source, partner.offset, partner.length, options) : type
      return true
    },
    // One without the other says nothing.
    readEnd(target, key) {
      if (typeof target[key] !== 'object' || target[key] instanceof Pending) delete target[key]
    }
  }
}

function writeRaw(rest: Source, write: (data: Uint8Array) => void): void {
  for (const key of Object.keys(rest)) {
    if (key === 'data') continue
    throw new InvalidType(rest[key], 'absent: of this type, only data is known', 'ERR_UNKNOWN_FIELD').within(
      key
    )
  }
  within('data', () => write(rest['data'] as Uint8Array))
}

function decode(
  type: string | number,
  source: Uint8Array,
  offset: number,
  length: number,
  options: Parameters<Type<unknown>['read']>[3]
): Encapsulation {
  const body = bodyOf(type)
  if (body === undefined) {
    return { type: type as RawEncapsulation['type'], data: raw.read(source, offset, length) }
  }
  return { type, ...body.read(source, offset, length, options) } as Encapsulation
}
