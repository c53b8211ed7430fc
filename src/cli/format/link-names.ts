import type { Link } from '../../rtnetlink/link/index.js'

/** The links of a namespace by index, for texts that name them. */
export class LinkNames {
  readonly #links: Map<number, Link>

  constructor(links: readonly Link[] = []) {
    this.#links = new Map(links.map((link) => [link.index, link]))
  }

  /** As `ip` does, `if7` for a link that is not known. */
  name(index: number): string {
    return this.#links.get(index)?.name ?? `if${index}`
  }

  /** Whether a link is known to be set up. */
  isUp(index: number): boolean {
    return this.#links.get(index)?.up === true
  }

  set(link: Link): void {
    this.#links.set(link.index, link)
  }
}
