import { access, stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { stateDirectory, withNetworks } from '../state.js'
import type { Terminal } from '../terminal.js'

/** What sandboxes are called, by the inodes of their namespaces. None where there is no state directory, or it is another user's. */
export async function sandboxNames(
  command: Command,
  terminal: Terminal
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>()
  try {
    await access(stateDirectory(command, terminal))
    const sandboxes = await withNetworks(command, terminal, (networks) => networks.sandboxes.list())
    for (const { name, namespacePath, hostNamespace } of sandboxes) {
      if (!hostNamespace) names.set((await stat(namespacePath)).ino, `${name} (sandbox)`)
    }
  } catch {
    // A picture without these names is better than none.
  }
  return names
}
