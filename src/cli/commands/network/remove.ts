import { Command } from 'commander'
import { withNetworks, withState } from '../../state.js'
import type { Terminal } from '../../terminal.js'
import { each, endFailed } from '../each.js'
import { unlessMissing } from '../missing.js'

interface Words {
  readonly force?: boolean
}

export function networkRemove(terminal: Terminal): Command {
  const command = new Command('rm')
    .alias('remove')
    .summary('Remove networks')
    .description('Removes networks that nothing is connected to, and prints their names.')
    .argument('<network...>', 'names or ids')
    .option('-f, --force', 'no error if there is none of this name')
  return withState(command).action(async (names: readonly string[], { force }: Words) => {
    const { failed } = await withNetworks(command, terminal, ({ networks }) =>
      each(names, terminal, async (name) => {
        const removed = await unlessMissing(force === true, () => networks.remove(name))
        if (removed) await terminal.write(`${name}\n`)
      })
    )
    endFailed(failed)
  })
}
