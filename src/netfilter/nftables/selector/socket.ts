import { dataTypes } from '../datatype/types.js'
import type { DataType } from '../datatype/datatype.js'
import { registerAt } from '../rule/registers.js'
import { Selector } from './selector.js'

function socketSelector<V>(
  key: 'transparent' | 'mark' | 'wildcard' | 'cgroupv2',
  type: DataType<V>,
  level?: number
): Selector<V> {
  return new Selector<V>({
    name: `socket ${key}`,
    type,
    load: (builder, place) =>
      builder.emit({ kind: 'socket', key, level, destinationRegister: registerAt(place) })
  })
}

/** The local socket that a packet belongs to (nft(8), SOCKET EXPRESSIONS). */
export const socket = {
  /** `IP_TRANSPARENT` is set on it. */
  transparent: socketSelector('transparent', dataTypes.boolean),
  mark: socketSelector('mark', dataTypes.mark),
  /** It listens on every address. */
  wildcard: socketSelector('wildcard', dataTypes.boolean),
  /** The id of its control group's ancestor at a level, from 1: the inode of the folder. */
  cgroupv2: (level: number): Selector<number | bigint> =>
    socketSelector('cgroupv2', dataTypes.cgroupsv2, level)
} as const
