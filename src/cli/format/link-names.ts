import type { Link } from '../../rtnetlink/link/index.js'

/** The links of a namespace by index, for texts that name them. */
export class LinkNames {
  readonly #links: Map<number, Link>
  readonly #namespaces: ReadonlyMap<number, string>

  /** `namespaces` are names of namespaces by their ids. */
  constructor(links: readonly Link[] = [], namespaces: ReadonlyMap<number, string> = new Map()) {
    this.#links = new Map(links.map((link) => [link.index, link]))
    this.#namespaces = namespaces
  }

  /** As `ip` does, `if7` for a link that is not known. */
  name(index: number): string {
    return this.#links.get(index)?.name ?? `if${index}`
  }

  /** Whether a link is known to be set up. */
  isUp(index: number): boolean {
    return this.#links.get(index)?.up === true
  }

  /** The name of a namespace by its id, if it is known. */
  namespace(id: number): string | undefined {
    return this.#namespaces.get(id)
  }

  set(link: Link): void {
    this.#links.set(link.index, link)
  }
}
