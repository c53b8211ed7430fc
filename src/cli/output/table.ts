const gap = 3

/** Columns under headings, as `docker` prints them. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows]
  const widths = headings.map((_, i) => Math.max(...all.map((row) => width(row[i] ?? ''))))
  return all.map((row) => `${lineOf(row, widths)}\n`).join('')
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, i) => cell + ' '.repeat(widths[i]! - width(cell) + gap))
  return cells.join('').trimEnd()
}

function width(text: string): number {
  return [...text].length
}
