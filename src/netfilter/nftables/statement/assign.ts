import { InvalidType, within } from '../../../codec/index.js'
import { encodeValue } from '../datatype/datatype.js'
import type { Statement } from '../rule/item.js'
import type { Selector } from '../selector/selector.js'
import { MapValue } from './map.js'
import { loadOperand } from './operand.js'
import type { Operand } from './operand.js'
import { Selector as SelectorClass } from '../selector/selector.js'

/**
 * Sets what a selector reads: `assign(meta.mark, 1)` is nft's `meta mark set 1`. Fields of headers are changed in the
 * packet, with the checksum.
 */
export function assign<V>(selector: Selector<V>, value: NoInfer<Operand<V>> | Selector<never>): Statement {
  const { name, parts } = selector
  return {
    statement: `${name} set …`,
    build(builder) {
      const { store, assign: assignField } = parts
      if (store === undefined && assignField === undefined) {
        throw new InvalidType(name, 'a selector that can be set', 'ERR_INVALID_ARG_VALUE').within('selector')
      }
      parts.require?.(builder)
      within('value', () => {
        if (store !== undefined) {
          store(builder, loadOperand(builder, value, parts.type))
        } else if (value instanceof MapValue || value instanceof SelectorClass) {
          throw new InvalidType(value, 'a constant: this field shares its bytes with others')
        } else {
          assignField!(builder, encodeValue(parts.type, value))
        }
      })
    }
  }
}
