import type { SandboxDnsOptions } from '../../model/sandbox.js'
import type { Upstream } from '../name-service.js'
import { resolverAddress } from '../translation.js'
import { formatResolvConf } from './resolv-conf.js'
import type { ResolvConf } from './resolv-conf.js'

/** What decides how a sandbox resolves names. */
export interface ResolutionOptions {
  /**
   * `'user-defined'`: it has the resolver at 127.0.0.11. `'default'`: it asks servers itself. `'host'`: it is in the host's
   * own namespace, and resolves as the host does.
   */
  readonly network: 'user-defined' | 'default' | 'host'
  /** Whether it has IPv6: otherwise the host's IPv6 servers are of no use on the default network. */
  readonly ipv6: boolean
  /** All of its networks are internal: nothing is forwarded from the host. Default: false. */
  readonly internal?: boolean | undefined
  /** The host's. */
  readonly host: ResolvConf
  readonly dns: SandboxDnsOptions
}

/** How a sandbox resolves names. */
export interface Resolution {
  /** Of its `/etc/resolv.conf`. */
  readonly resolvConf: string
  /** For `NameService.serve`; empty unless the network is user-defined. */
  readonly upstreams: readonly Upstream[]
  /** For `NameService.serve`. */
  readonly forwardsSingleLabels: boolean
}

/** Google's, which Docker falls back to. */
const publicServers = ['8.8.8.8', '8.8.4.4']
const publicServers6 = ['2001:4860:4860::8888', '2001:4860:4860::8844']

/**
 * How a sandbox resolves names, by the rules of Docker (docs.docker.com/engine/network, DNS services): what it says
 * itself replaces the host's, `'.'` as a search domain stands for none. On a user-defined network, servers that it names
 * are asked from within, the host's from the host, so that those on the host's loopback serve too. On the default
 * network these are left out, and public ones stand in where none is left.
 */
export function sandboxResolution(options: ResolutionOptions): Resolution {
  const { network, internal, host, dns } = options
  const conf: ResolvConf = {
    servers: dns.servers ?? host.servers,
    search: (dns.search ?? host.search).filter((domain) => domain !== '.' || dns.search === undefined),
    options: dns.options ?? host.options,
    other: host.other
  }
  if (network !== 'user-defined') {
    const servers = network === 'default' ? reachableServers(options) : conf.servers
    return { ...format({ ...conf, servers }), upstreams: [], forwardsSingleLabels: true }
  }
  const ndots = conf.options.some(setsNdots)
  const from = dns.servers === undefined ? 'host' : 'sandbox'
  const asked = internal === true && from === 'host' ? [] : conf.servers
  const upstreams = asked.map((address): Upstream => ({ address, from }))
  const resolver = {
    ...conf,
    servers: [resolverAddress],
    options: ndots ? conf.options : [...conf.options.filter(isNotNdots), 'ndots:0']
  }
  return {
    ...format(resolver, [`${resolverAddress} asks: ${describe(upstreams)}`]),
    upstreams,
    forwardsSingleLabels: !conf.options.some((option) => !isNotNdots(option))
  }
}

/** The servers that a sandbox can ask by itself. */
function reachableServers({ host, dns, ipv6 }: ResolutionOptions): readonly string[] {
  if (dns.servers !== undefined) return dns.servers
  const servers = host.servers.filter((address) => !isLoopback(address) && (ipv6 || !address.includes(':')))
  if (servers.length > 0) return servers
  return ipv6 ? [...publicServers, ...publicServers6] : publicServers
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1'

const isNotNdots = (option: string): boolean => !/^ndots(:|$)/.test(option)
const setsNdots = (option: string): boolean => /^ndots:[0-9]+$/.test(option)

const format = (conf: ResolvConf, comments: string[] = []): { resolvConf: string } => ({
  resolvConf: formatResolvConf(conf, ['Made by netloom.', ...comments])
})

const describe = (upstreams: readonly Upstream[]): string =>
  upstreams.length === 0
    ? 'nobody'
    : upstreams
        .map(({ address, from }) => (from === 'host' ? `${address} (from the host)` : address))
        .join(', ')
