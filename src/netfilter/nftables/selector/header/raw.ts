import { invalidRange, within } from '../../../../codec/index.js'
import type { Selector } from '../selector.js'
import { bitsOf, headerField } from './header.js'
import type { PayloadBase } from './header.js'

/**
 * Bits of the packet, counted from the start of one of its headers: nft's `@nh,OFFSET,LENGTH`. They are
 * compared as a number in network byte order, or as bytes.
 */
export function payload(
  base: PayloadBase,
  offset: number,
  length: number
): Selector<number | bigint | string | Uint8Array> {
  within('offset', () => {
    if (!Number.isInteger(offset) || offset < 0 || offset > 2040) invalidRange(offset, 'bits from 0 to 2040')
  })
  within('length', () => {
    if (!Number.isInteger(length) || length < 1 || length > 128) invalidRange(length, 'bits from 1 to 128')
  })
  return headerField({ name: `@${base}`, base }, `${offset},${length}`, { offset, length }, bitsOf(length))
}
