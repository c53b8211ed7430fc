import { within } from '../../../codec/index.js'
import { typeNamed } from '../set/layout.js'
import type { TypeNames } from '../set/layout.js'
import type { StatefulExpressionInput } from '../expression/index.js'
import type { RuleBuilder } from '../rule/builder.js'
import type { Statement } from '../rule/item.js'
import { registerAt } from '../rule/registers.js'
import { loadSelector } from '../selector/selector.js'
import type { Selector } from '../selector/selector.js'
import { milliseconds } from '../set/element.js'
import { loadOperand } from './operand.js'
import type { Operand } from './operand.js'

export interface DynamicElementOptions {
  /** Seconds; the set's own when absent. */
  readonly timeout?: number | undefined
  /** What each element gets, and runs: `limit`, `counter`, `connectionLimit`. */
  readonly expressions?: readonly StatefulExpressionInput[] | undefined
  /** Of a map: what the key leads to, and of which type it is. */
  readonly value?: { readonly type: TypeNames; readonly of: Operand<unknown> } | undefined
}

function dynamicSet(
  operation: 'add' | 'update' | 'delete',
  name: string,
  selector: Selector<unknown>,
  options: DynamicElementOptions
): Statement {
  return {
    statement: `${operation} @${name} { ${selector.name} }`,
    build(builder: RuleBuilder) {
      const keyRegister = loadSelector(builder, selector)
      const { timeout, expressions = [], value } = options
      const dataRegister =
        value === undefined
          ? undefined
          : within('value', () => registerAt(loadOperand(builder, value.of, typeNamed(value.type))))
      const several = expressions.length > 1
      builder.emit({
        kind: 'dynset',
        operation,
        keyRegister,
        dataRegister,
        ...builder.namedSet(name),
        ...(timeout === undefined ? {} : { timeout: within('timeout', () => milliseconds(timeout)) }),
        ...(several
          ? { expressions, flags: ['expressions'] as const }
          : expressions.length === 1
            ? { expression: expressions[0]! }
            : {})
      })
    }
  }
}

/** Adds what the selector reads to a dynamic set; what is there already stays as it is. */
export function addToSet<K>(
  name: string,
  selector: Selector<K>,
  options: DynamicElementOptions = {}
): Statement {
  return dynamicSet('add', name, selector, options)
}

/** Adds what the selector reads to a dynamic set, or starts its timeout again. */
export function updateSet<K>(
  name: string,
  selector: Selector<K>,
  options: DynamicElementOptions = {}
): Statement {
  return dynamicSet('update', name, selector, options)
}

/** Deletes what the selector reads from a dynamic set. */
export function deleteFromSet<K>(name: string, selector: Selector<K>): Statement {
  return dynamicSet('delete', name, selector, {})
}
