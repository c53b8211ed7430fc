import { Command } from 'commander'
import { withNetworks, withState } from '../../state.js'
import type { Terminal } from '../../terminal.js'
import { each, endFailed } from '../each.js'
import { unlessMissing } from '../missing.js'

interface Words {
  readonly force?: boolean
}

export function sandboxRemove(terminal: Terminal): Command {
  const command = new Command('rm')
    .alias('remove')
    .summary('Remove sandboxes')
    .description('Removes sandboxes, and prints their names. What runs in them goes on, without a network.')
    .argument('<sandbox...>', 'names or ids')
    .option('-f, --force', 'disconnect them first; no error if there is none of this name')
  return withState(command).action(async (names: readonly string[], words: Words) => {
    const force = words.force === true
    const { failed } = await withNetworks(command, terminal, ({ sandboxes }) =>
      each(names, terminal, async (name) => {
        const removed = await unlessMissing(force, () => sandboxes.remove(name, { force }))
        if (removed) await terminal.write(`${name}\n`)
      })
    )
    endFailed(failed)
  })
}
