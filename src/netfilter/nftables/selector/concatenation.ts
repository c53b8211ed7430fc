import { invalidType, within } from '../../../codec/index.js'
import { concatenated } from '../datatype/concatenation.js'
import { Selector, loadedSize, maskField } from './selector.js'

/** What the selectors of a tuple are compared with. */
export type ValuesOf<S extends readonly Selector<unknown>[]> = {
  readonly [K in keyof S]: S[K] extends Selector<infer V> ? V : never
}

/** Several selectors as one key, for sets and maps: `concat(ip.saddr, tcp.dport)` is nft's `ip saddr . tcp dport`. */
export function concat<const S extends readonly Selector<never>[] | readonly Selector<unknown>[]>(
  ...selectors: S
): Selector<ValuesOf<S & readonly Selector<unknown>[]>> {
  const parts = selectors as readonly Selector<unknown>[]
  within('selectors', () => {
    if (parts.length < 2) invalidType(parts, 'two selectors or more')
  })
  return new Selector({
    name: parts.map(({ name }) => name).join(' . '),
    type: concatenated(parts.map(({ type }) => type)),
    require(builder) {
      for (const { parts: part } of parts) part.require?.(builder)
    },
    load(builder, place) {
      let at = place
      for (const { parts: part } of parts) {
        part.load(builder, at)
        if (part.computed !== true) maskField(builder, part, at)
        at += (loadedSize(part) + 3) >>> 2
      }
    },
    parts
  })
}
