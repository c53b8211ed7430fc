import { dataType, numeric } from '../datatype/datatype.js'
import { dataTypes, ruleTypes } from '../datatype/types.js'
import { u32 } from '../../../codec/index.js'
import { registerAt } from '../rule/registers.js'
import { requireNetwork } from './dependency.js'
import { Selector, loadSelector } from './selector.js'

const number = dataType('integer', 4, numeric(u32), { byteOrder: 'host', intervals: 'number' })

export interface NumgenOptions {
  /** One after the other from 0 (`'incremental'`, the default), or at random. */
  readonly type?: 'incremental' | 'random' | undefined
  /** Numbers from 0 to `modulus` − 1. */
  readonly modulus: number
  /** Added to each. */
  readonly offset?: number | undefined
}

/** Makes a number for each packet (nft(8), NUMGEN EXPRESSION): round robin is a map of it. */
export function numgen({ type = 'incremental', modulus, offset }: NumgenOptions): Selector<number | string> {
  return new Selector<number | string>({
    name: `numgen ${type} mod ${modulus}`,
    type: number,
    load: (builder, place) =>
      builder.emit({
        kind: 'numgen',
        destinationRegister: registerAt(place),
        modulus,
        type,
        offset: offset ?? 0
      })
  })
}

export interface HashOptions {
  /** Numbers from 0 to `modulus` − 1. */
  readonly modulus: number
  /** Chosen by the kernel when absent. */
  readonly seed?: number | undefined
  readonly offset?: number | undefined
}

/** Hashes something of the packet (nft(8), HASH EXPRESSIONS). */
export function jhash(of: Selector<unknown>, options: HashOptions): Selector<number | string> {
  const { modulus, seed, offset } = options
  return new Selector<number | string>({
    name: `jhash ${of.name} mod ${modulus}`,
    type: number,
    require: of.parts.require ?? (() => undefined),
    load(builder, place) {
      const sourceRegister = loadSelector(builder, of, true)
      builder.emit({
        kind: 'hash',
        sourceRegister,
        destinationRegister: registerAt(place),
        length: of.type.size,
        modulus,
        ...(seed === undefined ? {} : { seed }),
        offset: offset ?? 0,
        type: 'jenkins'
      })
    }
  })
}

/** Hashes the flow so that both directions give the same number. */
export function symhash({ modulus, offset }: Omit<HashOptions, 'seed'>): Selector<number | string> {
  return new Selector<number | string>({
    name: `symhash mod ${modulus}`,
    type: number,
    load: (builder, place) =>
      builder.emit({
        kind: 'hash',
        destinationRegister: registerAt(place),
        modulus,
        offset: offset ?? 0,
        type: 'symmetric'
      })
  })
}

export interface OsfOptions {
  readonly ttl?: 'strict' | 'loose' | 'skip' | undefined
}

/** The sender's operating system, guessed from a SYN (nft(8), OSF EXPRESSION). */
export function osf({ ttl = 'strict' }: OsfOptions = {}): Selector<string> {
  return new Selector<string>({
    name: 'osf name',
    type: ruleTypes.text,
    load: (builder, place) => builder.emit({ kind: 'osf', destinationRegister: registerAt(place), ttl })
  })
}

function ipsecSelector<V>(
  direction: 'in' | 'out',
  key: 'ip saddr' | 'ip daddr' | 'ip6 saddr' | 'ip6 daddr' | 'reqid' | 'spi',
  spnum: number,
  type: ConstructorParameters<typeof Selector<V>>[0]['type']
): Selector<V> {
  const network = key.startsWith('ip ') ? 'ip' : key.startsWith('ip6') ? 'ip6' : undefined
  return new Selector<V>({
    name: `ipsec ${direction} ${key}`,
    type,
    ...(network === undefined ? {} : { require: (builder) => requireNetwork(builder, network) }),
    load: (builder, place) =>
      builder.emit({ kind: 'xfrm', destinationRegister: registerAt(place), key, direction, spnum })
  })
}

/** The IPsec state that a packet came by, or will go by (nft(8), IPSEC EXPRESSIONS). */
export function ipsec(
  direction: 'in' | 'out',
  spnum = 0
): {
  readonly reqid: Selector<number | string>
  readonly spi: Selector<number | string>
  readonly saddr: Selector<string>
  readonly daddr: Selector<string>
  readonly saddr6: Selector<string>
  readonly daddr6: Selector<string>
} {
  return {
    reqid: ipsecSelector<number | string>(direction, 'reqid', spnum, number),
    spi: ipsecSelector<number | string>(direction, 'spi', spnum, number),
    saddr: ipsecSelector<string>(direction, 'ip saddr', spnum, dataTypes.ipv4_addr),
    daddr: ipsecSelector<string>(direction, 'ip daddr', spnum, dataTypes.ipv4_addr),
    saddr6: ipsecSelector<string>(direction, 'ip6 saddr', spnum, dataTypes.ipv6_addr),
    daddr6: ipsecSelector<string>(direction, 'ip6 daddr', spnum, dataTypes.ipv6_addr)
  } as const
}
