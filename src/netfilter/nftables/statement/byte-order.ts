import { isConcatenated } from '../datatype/concatenation.js'
import type { DataType } from '../datatype/datatype.js'
import type { RuleBuilder } from '../rule/builder.js'

/**
 * Turns the number in a register to network byte order, in which intervals are kept and comparisons made. False
 * if there was nothing to turn.
 */
export function swapKey(builder: RuleBuilder, type: DataType, register: number): boolean {
  if (isConcatenated(type)) return false
  const isNumber = type.byteOrder === 'host' && type.size > 1 && type.size <= 8
  if (!isNumber) return false
  builder.emit({
    kind: 'byteorder',
    sourceRegister: register,
    destinationRegister: register,
    operation: 'host-to-network',
    length: type.size,
    size: type.size
  })
  return true
}
