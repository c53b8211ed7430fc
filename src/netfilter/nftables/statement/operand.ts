import { encodeValue } from '../datatype/datatype.js'
import type { DataType } from '../datatype/datatype.js'
import type { RuleBuilder } from '../rule/builder.js'
import { registerAt } from '../rule/registers.js'
import { Selector, loadSelector } from '../selector/selector.js'
import { MapValue } from './map.js'

/** A value, or where it comes from: another selector, or a map. */
export type Operand<V> = V | Selector<V> | MapValue

/** Puts an operand into a register; gives its place. */
export function loadOperand(builder: RuleBuilder, operand: unknown, type: DataType): number {
  if (operand instanceof MapValue) {
    // The value comes where the key was: nothing is known of the next place before the key is loaded.
    const place = builder.registers.peek()
    operand.load(builder, place, type)
    builder.registers.keep(place, type.size)
    return place
  }
  if (operand instanceof Selector) {
    const place = builder.registers.peek()
    loadSelector(builder, operand as Selector<unknown>)
    return place
  }
  const value = encodeValue(type, operand)
  const place = builder.registers.take(type.size)
  builder.immediate(registerAt(place), { value })
  return place
}
