/** The words KEY=VALUE of the command line. */
export class Arguments {
  readonly #values: ReadonlyMap<string, string>

  constructor(words: readonly string[]) {
    this.#values = new Map(words.map((word) => word.split(/=(.*)/s, 2) as [string, string]))
  }

  text(key: string): string {
    const value = this.#values.get(key)
    if (value === undefined) throw new Error(`${key}= is missing`)
    return value
  }

  number(key: string, absent?: number): number {
    return absent !== undefined && !this.#values.has(key) ? absent : Number(this.text(key))
  }

  family(): 'inet' | 'inet6' {
    return this.text('family') === 'inet6' ? 'inet6' : 'inet'
  }
}
