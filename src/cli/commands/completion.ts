import { Argument, Command } from 'commander'
import { scripts } from '../completion/scripts.js'
import type { Terminal } from '../terminal.js'

export function completion(terminal: Terminal): Command {
  const shells = Object.keys(scripts)
  return new Command('completion')
    .summary('Print a script that completes commands in a shell')
    .description(
      'Prints a script that completes the commands of netloom in a shell. To load it now: "source <(netloom completion bash)" in bash and zsh, "netloom completion fish | source" in fish.'
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action(async (shell: keyof typeof scripts) => {
      await terminal.write(scripts[shell])
    })
}
