import { familyOf } from '../../codec/index.js'
import type { Connection, ConnectionFilter } from '../../netfilter/conntrack/index.js'
import type { NetworkStack } from '../../network-stack.js'
import { hasCode } from '../errors/has-code.js'
import { isUnspecified } from './port-elements.js'
import type { PortMapping } from './port-elements.js'

/**
 * A scan of the kernel's table takes some 10 ms where that has its usual size, and gives connections to choose from. For
 * as many ports as this the kernel is rather asked to delete what matches, if it is able to: for each less than a
 * millisecond.
 */
const fewPorts = 8

/**
 * Forgets the connections that went elsewhere before their port was published: their packets would go on as they did.
 * A TCP connection begins anew by itself, with a packet that says so; a flow of UDP packets does not. Connections of
 * the host and its containers to the same port elsewhere are left alone.
 */
export async function forgetEarlierConnections(
  stack: NetworkStack,
  ports: readonly PortMapping[]
): Promise<void> {
  const silent = ports.filter(({ protocol }) => protocol !== 'tcp')
  const rest = await without(silent, ({ protocol, hostAddress, hostPort }) => {
    // Which addresses are the host's own, the kernel can't tell here.
    if (protocol === 'sctp' || isUnspecified(hostAddress) || familyOf(hostAddress) === 'inet6')
      return undefined
    const original = { destination: hostAddress, destinationPort: hostPort }
    return stack.conntrack.deleteMatching({ protocol, original })
  })
  for (const group of groupsOf(rest, ({ protocol, hostAddress }) => `${protocol} ${familyOf(hostAddress)}`)) {
    const { protocol, hostAddress } = group[0]!
    const destinationPort = theOnly(group, 'hostPort')
    const filter: ConnectionFilter = {
      family: familyOf(hostAddress),
      protocol,
      ...(destinationPort === undefined ? {} : { original: { destinationPort } })
    }
    const byPort = indexed(group, ({ hostPort }) => `${hostPort}`)
    await forget(stack, filter, async (connection, isLocal) => {
      const { original, reply } = connection
      for (const port of byPort.get(`${original.destinationPort}`) ?? []) {
        const leads = reply.source === port.containerAddress && reply.sourcePort === port.containerPort
        if (leads) continue
        if (original.destination === port.hostAddress) return true
        if (isUnspecified(port.hostAddress) && (await isLocal(original.destination))) return true
      }
      return false
    })
  }
}

/** Ends the connections by ports that are no longer published; others to the same containers go on. */
export async function endConnections(stack: NetworkStack, ports: readonly PortMapping[]): Promise<void> {
  const rest = await without(
    ports,
    ({ protocol, hostAddress, hostPort, containerAddress, containerPort }) => {
      // Kernels compare IPv6 addresses the wrong way round.
      if (protocol === 'sctp' || familyOf(containerAddress) === 'inet6') return undefined
      const destination = isUnspecified(hostAddress) ? {} : { destination: hostAddress }
      return stack.conntrack.deleteMatching({
        protocol,
        status: ['dst_nat'],
        original: { destinationPort: hostPort, ...destination },
        reply: { source: containerAddress, sourcePort: containerPort }
      })
    }
  )
  for (const group of groupsOf(rest, ({ protocol, containerAddress }) => `${protocol} ${containerAddress}`)) {
    const { protocol, containerAddress } = group[0]!
    const sourcePort = theOnly(group, 'containerPort')
    const filter: ConnectionFilter = {
      protocol,
      status: ['dst_nat'],
      reply: { source: containerAddress, ...(sourcePort === undefined ? {} : { sourcePort }) }
    }
    const byPorts = indexed(group, ({ hostPort, containerPort }) => `${hostPort} ${containerPort}`)
    await forget(stack, filter, ({ original, reply }) =>
      (byPorts.get(`${original.destinationPort} ${reply.sourcePort}`) ?? []).some(
        ({ hostAddress }) => isUnspecified(hostAddress) || hostAddress === original.destination
      )
    )
  }
}

/** The ports that a request for each does not do: it is not made, or the kernel can't answer it. */
async function without(
  ports: readonly PortMapping[],
  request: (port: PortMapping) => Promise<void> | undefined
): Promise<readonly PortMapping[]> {
  if (ports.length > fewPorts) return ports
  const rest: PortMapping[] = []
  for (const port of ports) {
    try {
      const asked = request(port)
      if (asked === undefined) rest.push(port)
      await asked
    } catch (error) {
      if (!isUnknownRequest(error)) throw error
      rest.push(port)
    }
  }
  return rest
}

type IsLocal = (address: string) => Promise<boolean>

/** One scan of the kernel's table, which is one for all namespaces; the kernel leaves out what the filter can say. */
async function forget(
  stack: NetworkStack,
  filter: ConnectionFilter,
  matches: (connection: Connection, isLocal: IsLocal) => boolean | Promise<boolean>
): Promise<void> {
  const found: Connection[] = []
  const isLocal = localAddresses(stack)
  for (const connection of await listed(stack, filter)) {
    if (await matches(connection, isLocal)) found.push(connection)
  }
  if (found.length === 0) return
  const { failures } = await stack.conntrack.deleteMany(found, { ifMissing: 'skip' })
  if (failures[0] !== undefined) throw failures[0].error
}

const isUnknownRequest = (error: unknown): boolean =>
  hasCode(error, 'EINVAL', 'EOPNOTSUPP', 'EPROTONOSUPPORT')

async function listed(stack: NetworkStack, filter: ConnectionFilter): Promise<Connection[]> {
  try {
    return await stack.conntrack.list(filter)
  } catch (error) {
    // A kernel without `nf_conntrack_netlink`: connections end there when they time out.
    if (isUnknownRequest(error)) return []
    throw error
  }
}

/** Asks of each address once whether it is the host's own. */
function localAddresses(stack: NetworkStack): IsLocal {
  const known = new Map<string, Promise<boolean>>()
  const ask = (address: string): Promise<boolean> =>
    stack.routes.lookup(address).then(
      ({ type }) => type === 'local',
      () => false
    )
  return (address) => {
    const answer = known.get(address) ?? ask(address)
    known.set(address, answer)
    return answer
  }
}

function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  return [...indexed(items, keyOf).values()]
}

function indexed<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** The port that all of them have, if it is one. */
function theOnly(ports: readonly PortMapping[], key: 'hostPort' | 'containerPort'): number | undefined {
  const first = ports[0]![key]
  return ports.every((port) => port[key] === first) ? first : undefined
}
