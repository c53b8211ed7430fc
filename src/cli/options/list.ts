/** Gathers the values of an option that may be given several times. */
export function list(text: string, before: readonly string[] = []): string[] {
  return [...before, text]
}
