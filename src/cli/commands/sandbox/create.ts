import { Command } from 'commander'
import type { EndpointOptions } from '../../../container/model/endpoint.js'
import type { SandboxOptions } from '../../../container/model/sandbox.js'
import { UsageError } from '../../failure.js'
import { type EndpointWords, endpointOptions, withEndpointOptions } from '../../options/endpoint.js'
import { keyMaybeValue, keyValue } from '../../options/key-value.js'
import { list } from '../../options/list.js'
import { namespaceForms, namespaceReference } from '../../options/namespace.js'
import { withNetworks, withState } from '../../state.js'
import type { Terminal } from '../../terminal.js'

interface Words extends EndpointWords {
  readonly name?: string
  readonly hostname?: string
  readonly domainname?: string
  readonly namespace?: SandboxOptions['namespace']
  readonly network?: readonly string[]
  readonly dns?: readonly string[]
  readonly dnsSearch?: readonly string[]
  readonly dnsOption?: readonly string[]
  readonly addHost?: readonly string[]
  readonly sysctl?: Readonly<Record<string, string>>
  readonly label?: Readonly<Record<string, string>>
}

export function sandboxCreate(terminal: Terminal): Command {
  const command = new Command('create')
    .summary('Create a sandbox')
    .description('Creates a sandbox, connects it to networks if any are named, and prints its id.')
    .argument('[name]', 'what to call it (default: the beginning of its id)')
    .option('--name <name>', 'the same')
    .option('--hostname <name>', 'its host name (default: the beginning of its id)')
    .option('--domainname <name>', 'its domain')
    .option(
      '-n, --namespace <namespace>',
      `a namespace that is there: ${namespaceForms} (default: a new one)`,
      namespaceReference
    )
    .option('--network <network>', 'connect it; the options that follow are for the first one', list)
  withEndpointOptions(command, false)
    .option('--dns <address>', 'a DNS server', list)
    .option('--dns-search <domain>', 'a search domain; . for none', list)
    .option('--dns-option <option>', 'an option of resolv.conf', list)
    .option('--add-host <name:address>', 'a line of /etc/hosts; the address may be host-gateway', list)
    .option('--sysctl <key=value>', 'a kernel parameter below net', keyValue)
    .option('--label <key=value>', 'a label', keyMaybeValue)
  return withState(command).action(async (name: string | undefined, words: Words) => {
    const options = sandboxOptions(name, words, command)
    const [first, ...others] = words.network ?? []
    const id = await withNetworks(command, terminal, async ({ sandboxes }) => {
      const sandbox = await sandboxes.create(options)
      try {
        if (first !== undefined) await sandbox.connect(first, connectionOptions(words))
        for (const network of others) await sandbox.connect(network)
      } catch (error) {
        await sandboxes.remove(sandbox.id, { force: true })
        throw error
      }
      return sandbox.id
    })
    await terminal.write(`${id}\n`)
  })
}

/** What the words say, as the library takes it. */
export function sandboxOptions(name: string | undefined, words: Words, command: Command): SandboxOptions {
  if (name !== undefined && words.name !== undefined && name !== words.name) {
    throw new UsageError(`two names were given: ${name} and ${words.name}`, command)
  }
  const connection = Object.values(connectionOptions(words)).some((value) => value !== undefined)
  if (connection && words.network === undefined) {
    throw new UsageError('options of a connection need --network', command)
  }
  const { dns: servers, dnsSearch: search, dnsOption: options } = words
  return {
    name: name ?? words.name,
    hostname: words.hostname,
    domainName: words.domainname,
    namespace: words.namespace,
    // As with `docker create --network host`. The name is always that of the network of the host.
    hostNamespace: words.network?.includes('host') === true ? true : undefined,
    dns:
      servers === undefined && search === undefined && options === undefined
        ? undefined
        : { servers, search, options },
    extraHosts: words.addHost,
    sysctls: words.sysctl,
    labels: words.label
  }
}

/** Kernel parameters are the sandbox's here. */
function connectionOptions({ sysctl: _, ...words }: Words): EndpointOptions {
  return endpointOptions(words)
}
