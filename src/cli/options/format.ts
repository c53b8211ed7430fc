import { Option } from 'commander'

/** How a list is printed: a table, or an object of JSON on each line. */
export type Format = 'table' | 'json'

export function formatOption(): Option {
  return new Option('-f, --format <format>', 'how to print it').choices(['table', 'json']).default('table')
}
