import { tableName } from '../../rtnetlink/table-names.js'

/** A routing table as `ip` prints it: by its name, otherwise its number. */
export function tableText(table: number): string {
  return tableName(table) ?? String(table)
}
