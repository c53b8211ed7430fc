import { familyOf, requireObject } from '../../../codec/index.js'
import type { UnknownAttribute } from '../../../codec/index.js'
import type { Message } from '../../../netlink/index.js'
import { checkSource, missing, sameFamily } from '../check.js'
import type { Tuple, TupleSpec } from '../tuple.js'
import { expectationMessage } from './schema.js'
import type { ExpectationMessage, ExpectationMessageInput } from './schema.js'

/**
 * A connection that another one announced, such as the data connection of FTP: `conntrack -L expect`. When its
 * first packet comes it is told as related.
 */
export interface Expectation {
  readonly family: 'inet' | 'inet6'
  /** The original direction of the connection that announced it. */
  readonly master: Tuple
  /** What is expected. */
  readonly tuple: Tuple
  /** Which bits of the source count; those of the destination all do. */
  readonly mask: Tuple
  readonly id: number
  /** Seconds until it is forgotten. */
  readonly timeout?: number
  readonly helper?: string
  /** `'permanent'`: it stays when its connection has come. `'inactive'`: it is not looked at. */
  readonly flags?: NonNullable<ExpectationMessage['flags']>
  /** The helper's own kind of expectation. */
  readonly class?: number
  readonly nat?: NonNullable<ExpectationMessage['nat']>
  readonly function?: string
  readonly unknown?: readonly UnknownAttribute[]
}

/** What names an expectation. An `Expectation` will do. */
export interface ExpectationKey {
  readonly tuple: TupleSpec
  /** The zone of its master. The kernel never tells it, so it must be given for one that isn't in zone 0. */
  readonly zone?: number | undefined
}

/** An expectation to make. */
export interface ExpectationSpec extends ExpectationKey {
  /** A connection that is there and has a helper. */
  readonly master: TupleSpec
  /** Port 0 as a source port stands for any, unless `mask` says otherwise. */
  readonly tuple: TupleSpec
  /** Which bits of the source count: by default all of its address, and of its port unless that is 0. */
  readonly mask?: TupleSpec | undefined
  /** Seconds until it is forgotten; by default what its helper says. */
  readonly timeout?: number | undefined
  readonly helper?: string | undefined
  readonly flags?: ExpectationMessageInput['flags']
  readonly class?: number | undefined
  readonly nat?: ExpectationMessageInput['nat']
  readonly function?: string | undefined
}

/** Reads an expectation out of its message. */
export function readExpectation(message: Message): Expectation {
  return expectationMessage.read(message.bytes, message.offset, message.length) as Expectation
}

/** Turns a spec into what goes on the wire. */
export function expectationInput(spec: ExpectationSpec): ExpectationMessageInput {
  requireObject(spec, 'an expectation: an object')
  const { master, tuple } = spec
  if (master === undefined) missing('master')
  checkSource(master, 'master')
  const { family } = expectationKeyInput(spec)
  sameFamily(tuple, master, 'master', 'tuple')
  const mask = spec.mask ?? maskOf(tuple)
  checkSource(mask, 'mask')
  sameFamily(tuple, mask, 'mask', 'tuple')
  return { ...spec, family, mask }
}

/** What names an expectation on the wire: never nothing, since a request to delete without a tuple deletes all. */
export function expectationKeyInput(key: ExpectationKey): ExpectationMessageInput {
  requireObject(key, 'an expectation, or an object that names one')
  const { tuple, zone } = key
  if (tuple === undefined) missing('tuple')
  checkSource(tuple, 'tuple')
  return { family: familyOf(tuple.source), tuple, zone }
}

/** All of a tuple counts, but a source port of 0, which stands for any. */
function maskOf(tuple: TupleSpec): TupleSpec {
  const all =
    familyOf(tuple.source) === 'inet' ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'
  const mask = { source: all, destination: all, protocol: tuple.protocol }
  const { sourcePort, destinationPort, icmp } = tuple
  if (sourcePort !== undefined || destinationPort !== undefined)
    return { ...mask, sourcePort: sourcePort === 0 ? 0 : 0xffff, destinationPort: 0xffff }
  return icmp === undefined ? mask : { ...mask, icmp: { type: 0xff, code: 0xff, id: 0xffff } }
}
