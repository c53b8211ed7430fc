import { bool32 } from '../../../codec/index.js'
import { dataType } from '../datatype/datatype.js'
import { dataTypes } from '../datatype/types.js'
import type { DataType } from '../datatype/datatype.js'
import type { ValueOf } from '../datatype/types.js'
import { registerAt } from '../rule/registers.js'
import { Selector } from './selector.js'

/** What a look-up in the routing tables goes by. */
export type FibKey = 'saddr' | 'daddr' | 'mark' | 'iif' | 'oif'

function look<V>(
  keys: readonly FibKey[],
  result: 'oif' | 'oifname' | 'type',
  type: DataType<V>,
  present = false
): Selector<V> {
  const flags = present ? ([...keys, 'present'] as const) : keys
  return new Selector<V>({
    name: `fib ${keys.join(' . ')} ${present ? 'check' : result}`,
    type,
    load: (builder, place) =>
      builder.emit({ kind: 'fib', result, flags, destinationRegister: registerAt(place) })
  })
}

const found = dataType('boolean', 39, bool32, { byteOrder: 'host' })

/** Looks an address of the packet up in the routing tables (nft(8), FIB EXPRESSIONS). */
export const fib = {
  /** The kind of address: `match(fib.type('daddr'), 'local')`. */
  type: (...keys: FibKey[]): Selector<ValueOf<'fib_addrtype'>> => look(keys, 'type', dataTypes.fib_addrtype),
  /** The link that the route leaves by, as an index. */
  oif: (...keys: FibKey[]): Selector<ValueOf<'iface_index'>> => look(keys, 'oif', dataTypes.iface_index),
  oifname: (...keys: FibKey[]): Selector<ValueOf<'ifname'>> => look(keys, 'oifname', dataTypes.ifname),
  /** Whether there is a route: reverse-path filtering is `match(fib.exists('saddr', 'iif'), false)`. */
  exists: (...keys: FibKey[]): Selector<boolean> => look(keys, 'oif', found, true)
} as const
