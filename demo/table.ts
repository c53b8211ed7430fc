/** One row: what was done, how long it took here and there, and how many times as long. */
export function cells(title: string, own: number, other: number | undefined): string[] {
  if (other === undefined) return [title, milliseconds(own), '', '']
  return [title, milliseconds(own), milliseconds(other), `${(other / own).toFixed(1)} ×`]
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`
}

/** Prints rows in columns, numbers to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('   ')
  const rule = widths.map((width) => '─'.repeat(width)).join('───')
  console.log(`  ${line(head)}\n  ${rule}`)
  rows.forEach((row, i) => {
    if (i === rows.length - 1) console.log(`  ${rule}`)
    console.log(`  ${line(row)}`)
  })
  console.log()
}
