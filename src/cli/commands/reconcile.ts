import { Command } from 'commander'
import { compactJson } from '../output/json.js'
import { shortId } from '../output/short-id.js'
import { type Format, formatOption } from '../options/format.js'
import { withNetworks, withState } from '../state.js'
import type { Terminal } from '../terminal.js'

interface Words {
  readonly format: Format
}

/** What became of what was found. */
const outcomes = ['finished', 'undone', 'adopted', 'removed'] as const

export function reconcile(terminal: Terminal): Command {
  const command = new Command('reconcile')
    .summary('Make the kernel agree with the state directory')
    .description(
      'Finishes or undoes what a crash left half done, removes what is of no use, and puts back links and rules that somebody took away. Prints what was done.'
    )
    .addOption(formatOption())
  return withState(command).action(async ({ format }: Words) => {
    const report = await withNetworks(command, terminal, (networks) => networks.reconcile())
    if (format === 'json') return terminal.write(`${compactJson(report)}\n`)
    const lines = outcomes.flatMap((outcome) =>
      report[outcome].map(({ object, id, name }) => `${outcome} ${object} ${name ?? shortId(id)}\n`)
    )
    await terminal.write(lines.join('') + (report.firewall ? 'restored firewall rules\n' : ''))
  })
}
