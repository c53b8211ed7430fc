import { binding } from '../../../binding.js'
import { invalidRange, invalidValue, within } from '../../../codec/index.js'
import type { RouteBlock } from './block.js'
import type { GivenColumns } from './columns.js'

/** Refuses a block with a row that can't be right. `first` is the place of its first row in the table. */
export function checkBlock(block: RouteBlock, given: GivenColumns, first: number): void {
  const invalid = binding().checkRoutes(block.native)
  if (invalid === undefined) return
  const { row, column } = invalid
  const { prefixLength, link } = block.columns
  within(column, () => {
    // What was given once for all rows has no place in a column.
    if (!given.isColumn(column)) return refuse()
    return within(first + row, refuse)
  })

  function refuse(): never {
    switch (column) {
      case 'prefixLength':
        return invalidRange(
          prefixLength[row],
          `a prefix length from 0 to ${block.family === 'inet' ? 32 : 128}`
        )
      case 'destination':
        return invalidValue(block.prefix(row), 'a prefix without host bits')
      case 'link':
        return invalidRange(link[row], 'a link index from 1 to 2147483647, or 0 for none')
      case 'table':
        return invalidRange(0, 'a routing table: a number from 1 to 4294967295')
    }
  }
}
