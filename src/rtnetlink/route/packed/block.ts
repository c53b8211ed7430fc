import type { NativeRoutes } from '../../../binding.js'
import { readIpv4, readIpv6 } from '../../../codec/index.js'
import { routeProtocol } from '../../route-protocol.js'
import { AF_INET, AF_INET6 } from '../../rtnetlink.js'
import type { RouteSpec } from '../route.js'
import { allRouteFlags } from '../schema.js'
import type { PackedFamily } from './packed-routes.js'

/** The numbers of the families, linux/socket.h. */
export const packedFamilies: Readonly<Record<PackedFamily, number>> = { inet: AF_INET, inet6: AF_INET6 }

/** Elements that an address takes in its column. */
export const addressWidth: Readonly<Record<PackedFamily, number>> = { inet: 1, inet6: 16 }

/** The columns of a block, as long as it has rows. */
export interface BlockColumns {
  readonly destination: Uint32Array | Uint8Array
  readonly gateway: Uint32Array | Uint8Array
  readonly link: Uint32Array
  readonly priority: Uint32Array
  readonly table: Uint32Array
  readonly flags: Uint32Array
  readonly prefixLength: Uint8Array
  readonly protocol: Uint8Array
}

export type ColumnName = keyof BlockColumns

/** As they lie in a block. */
export const columnNames: readonly ColumnName[] = [
  'destination',
  'gateway',
  'link',
  'priority',
  'table',
  'flags',
  'prefixLength',
  'protocol'
]

/** Rows in one block of memory, laid out as `NativeRoutes` tells. */
export class RouteBlock {
  readonly family: PackedFamily
  readonly capacity: number
  /** Of the whole capacity, whatever `rows` is. */
  readonly columns: BlockColumns
  rows: number
  readonly #bytes: Uint8Array

  constructor(family: PackedFamily, capacity: number, rows = 0, bytes?: Uint8Array) {
    this.family = family
    this.capacity = capacity
    this.rows = rows
    const addressBytes = family === 'inet' ? 4 : 16
    this.#bytes = bytes ?? new Uint8Array(capacity * (addressBytes * 2 + 18))
    const { buffer } = this.#bytes
    let at = this.#bytes.byteOffset
    const column = <A extends Uint8Array | Uint32Array>(
      type: new (buffer: ArrayBufferLike, offset: number, length: number) => A,
      width = 1
    ): A => {
      const array = new type(buffer, at, capacity * width)
      at += array.byteLength
      return array
    }
    const addresses = (): Uint32Array | Uint8Array =>
      family === 'inet' ? column(Uint32Array) : column(Uint8Array, addressBytes)
    this.columns = {
      destination: addresses(),
      gateway: addresses(),
      link: column(Uint32Array),
      priority: column(Uint32Array),
      table: column(Uint32Array),
      flags: column(Uint32Array),
      prefixLength: column(Uint8Array),
      protocol: column(Uint8Array)
    }
  }

  static of(native: NativeRoutes): RouteBlock {
    const { family, capacity, rows, columns } = native
    return new RouteBlock(family === AF_INET ? 'inet' : 'inet6', capacity, rows, columns)
  }

  /** For the addon, which copies it. */
  get native(): NativeRoutes {
    const { family, capacity, rows } = this
    return { family: packedFamilies[family], capacity, rows, columns: this.#bytes }
  }

  /** A column, as far as there are rows. */
  column<N extends ColumnName>(name: N): BlockColumns[N] {
    return this.columns[name].subarray(0, this.rows * this.width(name)) as BlockColumns[N]
  }

  /** Elements that a row takes in a column. */
  width(name: ColumnName): number {
    return name === 'destination' || name === 'gateway' ? addressWidth[this.family] : 1
  }

  /** One row as a block of its own. */
  single(row: number): RouteBlock {
    const block = new RouteBlock(this.family, 1, 1)
    for (const name of columnNames) {
      const width = this.width(name)
      block.columns[name].set(this.columns[name].subarray(row * width, (row + 1) * width))
    }
    return block
  }

  /** The destination of a row as text. */
  prefix(row: number): string {
    return `${this.#address('destination', row)}/${this.columns.prefixLength[row]!}`
  }

  /** A row as `routes.add` or `routes.delete` takes it. */
  spec(row: number, deletion: boolean): RouteSpec {
    const { gateway, link, priority, table, flags, protocol } = this.columns
    const width = addressWidth[this.family]
    const hasGateway = gateway.subarray(row * width, (row + 1) * width).some((element) => element !== 0)
    const names = allRouteFlags.namesOf(flags[row]!)
    // What is absent from a deletion matches anything.
    const hasProtocol = !deletion || protocol[row] !== 0
    return {
      family: this.family,
      destination: this.prefix(row),
      ...(hasGateway ? { gateway: this.#address('gateway', row) } : {}),
      ...(link[row] === 0 ? {} : { link: link[row]! }),
      ...(priority[row] === 0 ? {} : { priority: priority[row]! }),
      table: table[row]!,
      ...(hasProtocol ? { protocol: routeProtocol.nameOf(protocol[row]!) } : {}),
      ...(names.length === 0 ? {} : { flags: names })
    }
  }

  #address(name: 'destination' | 'gateway', row: number): string {
    const column = this.columns[name]
    if (this.family === 'inet6') return readIpv6(column as Uint8Array, row * 16)
    const address = column[row]!
    return readIpv4(Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address), 0)
  }
}
