import { access, stat } from 'node:fs/promises'
import type { Command } from 'commander'
import type { RenderOptions } from '../../topology/index.js'
import { stateDirectory, withNetworks } from '../state.js'
import type { Terminal } from '../terminal.js'

/**
 * What a topology should call the namespaces of sandboxes and the bridges of networks. Nothing where there is no state
 * directory, or it is another user's.
 */
export async function containerNames(
  command: Command,
  terminal: Terminal
): Promise<Pick<RenderOptions, 'names' | 'remark'>> {
  const names = new Map<number, string>()
  const bridges = new Map<unknown, string>()
  try {
    await access(stateDirectory(command, terminal))
    await withNetworks(command, terminal, async ({ networks, sandboxes }) => {
      for (const { name, driver, driverOptions } of await networks.list()) {
        if (driver === 'bridge') bridges.set(driverOptions['name'], `network ${name}`)
      }
      for (const { name, namespacePath, hostNamespace } of await sandboxes.list()) {
        if (!hostNamespace) names.set((await stat(namespacePath)).ino, `sandbox ${name}`)
      }
    })
  } catch {
    // A picture without these names is better than none.
  }
  return { names, remark: (link, { current }) => (current ? bridges.get(link.name) : undefined) }
}
