import { compile, record, tag } from '../../../codec/index.js'
import type { Fields, RecordInput, RecordOutput, RecordType } from '../../../codec/index.js'

/** What a file of `kinds/` declares. */
export interface ExpressionKindOptions {
  /** As the kernel spells it (`NFTA_EXPR_NAME`). */
  readonly name: string
  /** `NFTA_EXPR_DATA` */
  readonly fields: Fields
  /** Refuses combinations that no single field can judge. */
  readonly check?: (expression: Readonly<Record<string, unknown>>) => void
  /** Takes out of what was read what the kernel tells but doesn't take back. */
  readonly settle?: (expression: Record<string, unknown>) => void
}

/** A kind of expression: what the kernel runs for each packet, and how it lies on the wire. */
export interface ExpressionKind<O extends ExpressionKindOptions = ExpressionKindOptions> {
  readonly name: O['name']
  readonly options: O
  readonly data: RecordType<Fields>
}

/** Declares a kind of expression: its types, its codec and the paths in errors follow. */
export function defineExpression<const O extends ExpressionKindOptions>(options: O): ExpressionKind<O> {
  const { name, fields, check } = options
  const checks = check === undefined ? {} : { check }
  const all = { kind: tag(name), ...fields }
  return { name, options, data: compile(record(all, { what: `a ${name} expression`, ...checks })) }
}

/** What writing an expression of a kind takes. */
export type KindInput<O extends ExpressionKindOptions> = { readonly kind: O['name'] } & Readonly<
  RecordInput<O['fields']>
>

/** The kernel always sends what it always asks for. */
type PresentIfRequired<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly required: true } ? F[K] & { readonly present: true } : F[K]
}

/** What reading one gives. */
export type KindOutput<O extends ExpressionKindOptions> = { readonly kind: O['name'] } & Readonly<
  RecordOutput<PresentIfRequired<O['fields']>>
>
