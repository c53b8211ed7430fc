import { hostnameFile, hostsFile, sandboxResolution } from '../dns/index.js'
import type { NameEntry, ResolvConf, ResolverSettings } from '../dns/index.js'
import { endpointsInOrder } from '../endpoint/order.js'
import type { PlacedEndpoint } from '../endpoint/order.js'
import { kernelHasIpv6 } from '../engine/ipv6.js'
import type { NetworkRecord } from '../model/network.js'
import type { SandboxRecord } from '../model/sandbox.js'
import { isPredefined, isUserDefined } from '../network/predefined-names.js'
import { getSandbox, listNetworks, shortId } from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'
import type { SandboxFileContents } from './sandbox-files.js'

/** What decides how a sandbox resolves names, and by which names it is found. */
export interface NamingView {
  readonly sandbox: SandboxRecord
  readonly endpoints: readonly PlacedEndpoint[]
  /** The addresses at which it reaches the host. */
  readonly hostGateways: readonly string[]
}

/** What a sandbox is on the way to be, or is; `undefined` if it is not known, or on the way out. */
export function namingView(transaction: ReadTransaction, sandboxId: string): NamingView | undefined {
  const sandbox = getSandbox(transaction, sandboxId)
  if (sandbox === undefined || sandbox.phase === 'removing') return undefined
  const endpoints = endpointsInOrder(transaction, sandboxId)
  return { sandbox, endpoints, hostGateways: hostGateways(transaction, sandbox, endpoints) }
}

/** The host is the gateway of a bridge; without one, it would be that of the default network, as in Docker. */
function hostGateways(
  transaction: ReadTransaction,
  { hostNamespace }: SandboxRecord,
  endpoints: readonly PlacedEndpoint[]
): string[] {
  if (hostNamespace === true) return kernelHasIpv6() ? ['127.0.0.1', '::1'] : ['127.0.0.1']
  const isBridge = ({ driver }: NetworkRecord): boolean => driver === 'bridge'
  const network =
    endpoints.map((each) => each.network).find(isBridge) ??
    listNetworks(transaction).find((each) => isBridge(each) && isPredefined(each))
  return network?.pools.flatMap(({ gateway }) => gateway ?? []) ?? []
}

/** The names of a sandbox's endpoints: those on networks that users made. */
export function nameEntries({ sandbox, endpoints }: NamingView): NameEntry[] {
  return endpoints
    .filter(({ network }) => isUserDefined(network))
    .map(({ network, endpoint }) => ({
      endpointId: endpoint.id,
      networkId: network.id,
      networkName: network.name,
      names: [...new Set([sandbox.name, ...endpoint.aliases, shortId(sandbox.id), sandbox.hostname])],
      address: endpoint.address,
      address6: endpoint.address6
    }))
}

/** How the name service is to serve a sandbox; `undefined` where it needs no resolver. */
export function resolverSettings(view: NamingView, host: ResolvConf): ResolverSettings | undefined {
  const networks = view.endpoints.map(({ network }) => network).filter(isUserDefined)
  if (networks.length === 0) return undefined
  const { upstreams, forwardsSingleLabels } = resolutionOf(view, host)
  return { networkIds: networks.map(({ id }) => id), upstreams, forwardsSingleLabels }
}

/** What the sandbox's files hold. */
export function fileContents(view: NamingView, host: ResolvConf): SandboxFileContents {
  const { sandbox, endpoints, hostGateways } = view
  const addresses = endpoints.flatMap(({ endpoint: { address, address6 } }) =>
    [address ?? [], address6 ?? []].flat()
  )
  const { hostname, domainName, extraHosts } = sandbox
  return {
    resolvConf: resolutionOf(view, host).resolvConf,
    hosts: hostsFile({ hostname, domainName, addresses, ipv6: kernelHasIpv6(), extraHosts, hostGateways }),
    hostname: hostnameFile(hostname)
  }
}

function resolutionOf(
  { sandbox, endpoints }: NamingView,
  host: ResolvConf
): ReturnType<typeof sandboxResolution> {
  const networks = endpoints.map(({ network }) => network)
  const network =
    sandbox.hostNamespace === true ? 'host' : networks.some(isUserDefined) ? 'user-defined' : 'default'
  return sandboxResolution({
    network,
    ipv6: endpoints.some(({ endpoint }) => endpoint.address6 !== undefined),
    internal: networks.length > 0 && networks.every(({ internal }) => internal),
    host,
    dns: sandbox.dns
  })
}
