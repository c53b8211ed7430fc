export { Nftables } from './nftables.js'
export type { NftablesOptions } from './nftables.js'
export { NftListener } from './listener.js'
export type { NftMonitorOptions } from './listener.js'
export type { ElementChange, NftEvent, NftMonitor, NftObjects } from './monitor.js'
export type { NftTrace, NftTraceEvent, NftTraceLoss } from './trace.js'
export { Transaction } from './transaction.js'
export type { TransactionOptions } from './transaction.js'
export { TransactionError } from './transaction-error.js'
export type { TransactionErrorDetails, TransactionFailure } from './transaction-error.js'
export type { TransactionVerbs } from './verbs.js'
export { Chains, Elements, Flowtables, NftRules, Sets, StatefulObjects, Tables } from './objects.js'
export type {
  BaseChainSpec,
  Chain,
  ChainHook,
  ChainRef,
  ChainSpec,
  PriorityName,
  RegularChainSpec
} from './chain/chain.js'
export type { Interval } from './datatype/interval.js'
export type { DataTypeName, ValueOf } from './datatype/types.js'
export type { NftFilter, RuleFilter as NftRuleFilter } from './dump.js'
export type {
  Expression,
  ExpressionInput,
  StatefulExpression,
  StatefulExpressionInput,
  UnknownExpression
} from './expression/index.js'
export type { NftFamily } from './family.js'
export type { Flowtable, FlowtableRef, FlowtableSpec } from './flowtable/flowtable.js'
export type { Generation } from './generation.js'
export type { ObjectRef, ObjectSpec, StatefulObject, StatefulObjectKind } from './object/object.js'
export type { ObjectKindName } from './object/type.js'
export type { RuleItem, Statement } from './rule/item.js'
export type { Rule as NftRule, RuleChain, RuleRef, RuleSpec as NftRuleSpec } from './rule/rule.js'
export type { FilledSet, Ruleset } from './ruleset.js'
export type { ElementKey, ElementSpec, ElementValue, SetElement, Value } from './set/element.js'
export type { AddManyOptions } from './set/add-many.js'
export type { TypeNames } from './set/layout.js'
export type { NftSet, SetSpec } from './set/set.js'
export type { ElementSet, SetRef } from './set/verbs.js'
export type { Table, TableRef, TableSpec } from './table/table.js'
export type { UserdataAttribute } from './userdata.js'
export type { Verdict, VerdictInput } from './verdict.js'
export type { ChainVerdict, VerdictSpec } from './verdict-spec.js'
