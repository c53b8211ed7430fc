import { Command } from 'commander'
import type { NetworkOptions } from '../../../container/model/network.js'
import { UsageError } from '../../failure.js'
import { keyMaybeValue, keyValue } from '../../options/key-value.js'
import { list } from '../../options/list.js'
import { type PoolWords, poolsOf } from '../../options/pools.js'
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
    // Commander's default of --no-ipv4 is true, which is what it would be anyway.
    ipv4: words.ipv4 ? undefined : false,
    ipv6: words.ipv6,
    internal: words.internal,
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
