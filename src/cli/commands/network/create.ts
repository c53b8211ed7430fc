import { Command } from 'commander'
import type { NetworkOptions, NetworkRoute } from '../../../container/model/network.js'
import { UsageError } from '../../failure.js'
import { keyMaybeValue, keyValue } from '../../options/key-value.js'
import { list } from '../../options/list.js'
import { type PoolWords, poolsOf } from '../../options/pools.js'
import { route } from '../../options/route.js'
import { withNetworks, withState } from '../../state.js'
import type { Terminal } from '../../terminal.js'

interface Words extends PoolWords {
  readonly driver?: string
  readonly internal?: boolean
  readonly ipv4: boolean
  readonly ipv6?: boolean
  readonly opt?: Readonly<Record<string, string>>
  readonly label?: Readonly<Record<string, string>>
  readonly ipamDriver?: string
  readonly defaultRoute: boolean
  readonly route?: readonly NetworkRoute[]
}

export function networkCreate(terminal: Terminal): Command {
  const command = new Command('create')
    .summary('Create a network')
    .description('Creates a network and prints its id.')
    .argument('<name>', 'what to call it')
    .option('-d, --driver <driver>', 'bridge, macvlan or ipvlan (default: bridge)')
    .option('--subnet <subnet>', 'a subnet, such as 10.88.0.0/16; one of each family, or more', list)
    .option('--gateway <address>', 'the gateway of a subnet', list)
    .option('--ip-range <range>', 'the part of a subnet that addresses are given out of', list)
    .option('--aux-address <name=address>', 'an address that is never given out', list)
    .option('--internal', 'no way out of the network')
    .option('--route <destination[,gateway[,metric]]>', 'a further route that sandboxes have', route)
    .option('--no-default-route', 'never the default route of a sandbox')
    .option('--ipv6', 'IPv6 addresses, of a default pool unless a subnet is given')
    .option('--no-ipv4', 'no IPv4 addresses')
    .option('-o, --opt <key=value>', "an option of the driver, by Docker's name", keyValue)
    .option('--label <key=value>', 'a label', keyMaybeValue)
    .option('--ipam-driver <name>', 'who gives out addresses (default: default)')
  return withState(command).action(async (name: string, words: Words) => {
    const options = networkOptions(name, words, command)
    const { id } = await withNetworks(command, terminal, ({ networks }) => networks.create(options))
    await terminal.write(`${id}\n`)
  })
}

/** What the words say, as the library takes it. */
export function networkOptions(name: string, words: Words, command: Command): NetworkOptions {
  return {
    name,
    driver: words.driver,
    // What is not said is true, as Commander has it for options that begin with --no.
    ipv4: words.ipv4 ? undefined : false,
    ipv6: words.ipv6,
    internal: words.internal,
    defaultRoute: words.defaultRoute ? undefined : false,
    routes: words.route,
    pools: pools(words, command),
    addressManager: words.ipamDriver,
    options: words.opt,
    labels: words.label
  }
}

function pools(words: PoolWords, command: Command): NetworkOptions['pools'] {
  try {
    return poolsOf(words)
  } catch (error) {
    throw new UsageError((error as Error).message, command)
  }
}
