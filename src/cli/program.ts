import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { group } from './command.js'
import { completeCommand } from './commands/complete.js'
import { completion } from './commands/completion.js'
import { connect } from './commands/connect.js'
import { disconnect } from './commands/disconnect.js'
import { monitor } from './commands/monitor.js'
import { networkCreate } from './commands/network/create.js'
import { networkInspect } from './commands/network/inspect.js'
import { networkList } from './commands/network/list.js'
import { networkRemove } from './commands/network/remove.js'
import { port } from './commands/port.js'
import { reconcile } from './commands/reconcile.js'
import { sandboxCreate } from './commands/sandbox/create.js'
import { sandboxExec } from './commands/sandbox/exec.js'
import { sandboxInspect } from './commands/sandbox/inspect.js'
import { sandboxList } from './commands/sandbox/list.js'
import { sandboxRemove } from './commands/sandbox/remove.js'
import { serve } from './commands/serve.js'
import { addressShow } from './commands/show/address.js'
import { linkShow } from './commands/show/link.js'
import { neighborShow } from './commands/show/neighbor.js'
import { routeShow } from './commands/show/route.js'
import { ruleShow } from './commands/show/rule.js'
import { topology } from './commands/topology.js'
import { endOf } from './failure.js'
import { withState } from './state.js'
import type { Terminal } from './terminal.js'

/** The whole program. What a command needs is loaded when it runs. */
export function makeProgram(terminal: Terminal): Command {
  const program = withState(new Command('netloom'))
    .description('Container networks, and the network of this machine.')
    .version(version(), '-V, --version', 'show the version')
    .enablePositionalOptions()
    .commandsGroup('Container networks:')

  add(
    program,
    group('network', 'Networks that sandboxes connect to', [
      networkCreate(terminal),
      networkList(terminal),
      networkInspect(terminal),
      networkRemove(terminal),
      connect(terminal),
      disconnect(terminal)
    ]),
    group('sandbox', 'Network namespaces of containers', [
      sandboxCreate(terminal),
      sandboxList(terminal),
      sandboxInspect(terminal),
      sandboxExec(terminal),
      sandboxRemove(terminal)
    ]),
    connect(terminal),
    disconnect(terminal),
    port(terminal),
    reconcile(terminal),
    serve(terminal)
  )
  program.commandsGroup('The network of this machine:')
  add(
    program,
    topology(terminal),
    shows('link', 'Links: network interfaces', linkShow(terminal)),
    shows('address', 'IP addresses of links', addressShow(terminal)).alias('addr'),
    shows('route', 'Routing tables', routeShow(terminal)),
    shows('neighbor', 'ARP and neighbour discovery caches', neighborShow(terminal)).alias('neigh'),
    shows('rule', 'Rules of the routing policy', ruleShow(terminal)),
    monitor(terminal)
  )
  program.commandsGroup('Others:').helpCommand('help [command]', 'Show the help of a command')
  add(program, completion(terminal))
  program.addCommand(completeCommand(terminal), { hidden: true })
  return prepare(program, terminal)
}

/** An object of `ip`, of which `show` is what is meant when nothing is said. */
function shows(name: string, description: string, show: Command): Command {
  const parent = group(name, description, [])
  return parent.addCommand(show, { isDefault: true })
}

function add(program: Command, ...commands: readonly Command[]): void {
  for (const command of commands) program.addCommand(command)
}

/** What holds for every command: where its words go, and how it ends. */
function prepare(command: Command, terminal: Terminal): Command {
  command
    .configureOutput({
      writeOut: (text) => void terminal.write(text).catch(() => undefined),
      writeErr: (text) => terminal.error(text),
      getOutHasColors: () => terminal.colors,
      // The error comes back through exitOverride.
      outputError: () => undefined
    })
    .configureHelp({ styleTitle: (title) => (terminal.colors ? `\u001b[1m${title}\u001b[0m` : title) })
    .helpOption('-h, --help', 'show this help')
    .exitOverride((error) => {
      throw endOf(error, command)
    })
  for (const below of command.commands) prepare(below, terminal)
  return command
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
