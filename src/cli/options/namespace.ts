import { InvalidArgumentError, Option } from 'commander'
import type { NamespaceReference } from '../../namespace/index.js'

/** How a namespace is named on the command line. */
export const namespaceForms = 'a name in /run/netns, a path, or pid:NUMBER'

/** Reads a namespace's name, a path with a slash in it, or `pid:1234`. */
export function namespaceReference(text: string): NamespaceReference {
  if (text === '') throw new InvalidArgumentError(`It must be ${namespaceForms}.`)
  if (text.includes('/')) return { path: text }
  const pid = /^pid:([1-9][0-9]{0,6})$/.exec(text)
  if (pid !== null) return { pid: Number(pid[1]) }
  if (text.startsWith('pid:')) throw new InvalidArgumentError('After pid: there must be the id of a process.')
  return text
}

/** `--namespace`, for commands that look into one. */
export function namespaceOption(): Option {
  const description = `look there: ${namespaceForms} (default: where this program runs)`
  return new Option('-n, --namespace <namespace>', description).argParser(namespaceReference)
}
