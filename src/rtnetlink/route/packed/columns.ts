import {
  InvalidType,
  Writer,
  be32,
  invalidRange,
  invalidValue,
  ipv4,
  ipv6,
  requireObject,
  u32,
  u8,
  within
} from '../../../codec/index.js'
import type { Type } from '../../../codec/index.js'
import type { NetlinkConnection } from '../../../netlink/index.js'
import { checkLinkRef } from '../../link-ref.js'
import { routeProtocol } from '../../route-protocol.js'
import { table as tableType } from '../../table-names.js'
import { allRouteFlags } from '../schema.js'
import { RT_TABLE_MAIN } from '../table.js'
import { addressWidth } from './block.js'
import type { ColumnName, RouteBlock } from './block.js'
import type { PackedFamily, PackedRoutesSpec } from './packed-routes.js'

type Elements = Uint8Array | Uint32Array
type ElementsClass = typeof Uint8Array | typeof Uint32Array

interface Column {
  readonly name: ColumnName
  /** The caller's own. It may change, or shrink, whenever other code runs. */
  readonly array: Elements
}

interface Constant {
  readonly name: ColumnName
  /** One number, or the bytes of an address. */
  readonly value: number | Uint8Array
}

const keys: readonly (keyof PackedRoutesSpec)[] = [
  'family',
  'destination',
  'prefixLength',
  'gateway',
  'link',
  'priority',
  'table',
  'protocol',
  'flags',
  'length',
  'others'
]

/** The columns that a caller gave: checked as such, not their elements. */
export class GivenColumns {
  readonly family: PackedFamily
  readonly length: number
  /** The name of the link that all rows leave by, if it has to be looked up. */
  readonly linkName: string | undefined
  readonly #columns: Column[] = []
  readonly #constants: Constant[] = []

  /** `protocol` is that of rows for which none is given. */
  constructor(spec: PackedRoutesSpec, connection: NetlinkConnection, protocol: number) {
    requireObject(spec, 'columns of routes: { family, destination, prefixLength, … }')
    refuseUnknownKeys(spec)
    this.family = within('family', () => checkFamily(spec.family))
    const width = addressWidth[this.family]
    const { destination, others } = spec
    const Addresses = this.family === 'inet' ? Uint32Array : Uint8Array
    if (!(destination instanceof Addresses)) {
      throw new InvalidType(destination, `a ${Addresses.name} of addresses`).within('destination')
    }
    if (destination.length % width !== 0) {
      within('destination', () => invalidRange(destination.length, 'as long as whole addresses of 16 bytes'))
    }
    this.length = destination.length / width
    this.#columns.push({ name: 'destination', array: destination })
    checkRest(spec.length, others, this.length)

    this.#take('prefixLength', Uint8Array, spec.prefixLength, (length) =>
      checked(u8.within({ max: width === 1 ? 32 : 128 }), length as number)
    )
    this.#take('gateway', Addresses, spec.gateway, (gateway) => this.#gateway(gateway as number | string))
    this.linkName = this.#takeLink(spec.link, connection)
    this.#take('priority', Uint32Array, spec.priority ?? 0, (priority) => checked(u32, priority as number))
    this.#take('table', Uint32Array, spec.table ?? RT_TABLE_MAIN, (table) =>
      checked(tableType, table as number | string)
    )
    this.#take('protocol', Uint8Array, spec.protocol ?? protocol, (given) =>
      routeProtocol.numberOf(given as number)
    )
    this.#take('flags', Uint32Array, spec.flags ?? [], (flags) => allRouteFlags.maskOf(flags as number[]))
  }

  /** The link that all rows leave by, once it is known. */
  setLink(index: number): void {
    this.#constants.push({ name: 'link', value: index })
  }

  /** Whether a column was given as such. */
  isColumn(name: ColumnName): boolean {
    return this.#columns.some((column) => column.name === name)
  }

  /** Writes what is the same in all rows into a block that is new. */
  fill(block: RouteBlock): void {
    for (const { name, value } of this.#constants) {
      const target = block.columns[name]
      if (typeof value === 'number') target.fill(value)
      else for (let at = 0; at < target.length; at += value.length) target.set(value, at)
    }
  }

  /** Copies rows into a block, from row `first` on: as many as it has room for. */
  load(block: RouteBlock, first: number): void {
    block.rows = Math.min(block.capacity, this.length - first)
    for (const { name, array } of this.#columns) {
      const width = block.width(name)
      if (array.length !== this.length * width) {
        const expected = 'left as it is until the call has ended'
        throw new InvalidType(array, expected, 'ERR_INVALID_ARG_VALUE').within(name)
      }
      const part = array.subarray(first * width, (first + block.rows) * width)
      block.columns[name].set(part)
    }
  }

  #take(
    name: ColumnName,
    type: ElementsClass,
    value: unknown,
    constant: (value: unknown) => Constant['value']
  ): void {
    if (!(value instanceof type)) {
      if (ArrayBuffer.isView(value)) {
        throw new InvalidType(value, `a ${type.name}, or one value for all rows`).within(name)
      }
      this.#constants.push({ name, value: within(name, () => constant(value)) })
      return
    }
    const wanted = this.length * (name === 'gateway' ? addressWidth[this.family] : 1)
    if (value.length !== wanted) {
      within(name, () => invalidRange(value.length, `as long as destination: ${wanted} elements`))
    }
    this.#columns.push({ name, array: value })
  }

  #takeLink(link: unknown, connection: NetlinkConnection): string | undefined {
    if (link instanceof Uint32Array || ArrayBuffer.isView(link)) {
      this.#take('link', Uint32Array, link, () => 0)
      return undefined
    }
    const target = link === undefined ? 0 : checkLinkRef(link, connection, 'link')
    if (typeof target === 'string') return target
    this.setLink(target)
    return undefined
  }

  #gateway(gateway: number | string | undefined): Constant['value'] {
    if (this.family === 'inet6') return gateway === undefined ? new Uint8Array(16) : written(ipv6, gateway)
    if (typeof gateway === 'string') return be32.read(written(ipv4, gateway), 0, 4)
    return checked(u32, gateway ?? 0)
  }
}

function refuseUnknownKeys(spec: object): void {
  for (const [key, value] of Object.entries(spec) as [keyof PackedRoutesSpec, unknown][]) {
    if (value === undefined || keys.includes(key)) continue
    const expected = `no column of routes; they have ${keys.join(', ')}`
    throw new InvalidType(value, expected, 'ERR_UNKNOWN_FIELD').within(key)
  }
}

function checkFamily(family: unknown): PackedFamily {
  return family === 'inet' || family === 'inet6' ? family : invalidValue(family, '"inet" or "inet6"')
}

function checkRest(length: unknown, others: unknown, rows: number): void {
  if (length !== undefined && length !== rows) {
    within('length', () => invalidValue(length, `absent, or the number of rows, ${rows}`))
  }
  if (others !== undefined && !(Array.isArray(others) && others.length === 0)) {
    within('others', () => invalidValue(others, 'absent or empty: they are no rows, but for addMany'))
  }
}

/** A value as the wire has it. */
function written<In>(type: Type<unknown, In>, value: unknown): Uint8Array {
  const writer = new Writer(16)
  type.write(writer, value as In)
  return writer.written()
}

/** A number as the wire has it, refused if it can't be that. */
function checked<In>(type: Type<number, In>, value: In): number {
  return type.read(written(type, value), 0, type.size)
}
