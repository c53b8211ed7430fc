import { kinds } from './kinds/index.js'
import type { LinkKind } from './kind.js'

const byName = new Map<string, LinkKind>(kinds.map((kind) => [kind.name, kind]))
const withPorts: readonly LinkKind[] = kinds.filter((kind) => kind.port !== undefined)

/** The kind of that name, if netloom knows it. */
export function kindNamed(name: string | undefined): LinkKind | undefined {
  return name === undefined ? undefined : byName.get(name)
}

/** The names of all kinds, and of the nests of their ports: keys that a link may have beside the common ones. */
export const kindNames: readonly string[] = [...byName.keys()]
export const kindsWithPorts = withPorts
