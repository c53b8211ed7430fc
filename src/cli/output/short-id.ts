/** The first 12 digits of an id, as tables show it. */
export function shortId(id: string): string {
  return id.slice(0, 12)
}
