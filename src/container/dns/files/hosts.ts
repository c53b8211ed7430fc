import { InvalidType } from '../../../codec/index.js'
import { hostGateway, parseExtraHost } from './extra-host.js'

/** What a sandbox's `/etc/hosts` is made of. */
export interface HostsOptions {
  readonly hostname: string
  readonly domainName?: string | undefined
  /** Its addresses, without prefix length, in the order of its endpoints. */
  readonly addresses: readonly string[]
  /** Whether it has IPv6: otherwise there is none in the file. */
  readonly ipv6: boolean
  /** `'name:address'` */
  readonly extraHosts?: readonly string[] | undefined
  /** What `host-gateway` stands for: an address of the host for each family. */
  readonly hostGateways?: readonly string[] | undefined
}

const localhost = ['127.0.0.1\tlocalhost']

const localhost6 = [
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::\tip6-localnet',
  'ff00::\tip6-mcastprefix',
  'ff02::1\tip6-allnodes',
  'ff02::2\tip6-allrouters'
]

/**
 * The content of `/etc/hosts`, in the order that Docker gives it: localhost, extra hosts, the sandbox itself. Throws a
 * `TypeError` for an extra host that is none, and where `host-gateway` stands for nothing.
 */
export function hostsFile(options: HostsOptions): string {
  const { hostname, domainName, addresses, ipv6, extraHosts = [], hostGateways = [] } = options
  const fullName = domainName === undefined ? hostname : `${hostname}.${domainName}`
  const [shortName] = fullName.split('.', 1)
  const names = shortName === fullName ? fullName : `${fullName} ${shortName}`
  const extra = extraHosts.flatMap((text, index) => {
    const { name, address } = parseExtraHost(text)
    if (address !== hostGateway) return [[address, name] as const]
    if (hostGateways.length === 0) {
      const expected = 'an address: nothing is known that host-gateway stands for'
      throw new InvalidType(text, expected, 'ERR_INVALID_ARG_VALUE').within(index).within('extraHosts')
    }
    return hostGateways.map((gateway) => [gateway, name] as const)
  })
  const own = addresses.map((address) => [address, names] as const)
  const lines = [...extra, ...own]
    .filter(([address]) => ipv6 || !address.includes(':'))
    .map(([address, hosts]) => `${address}\t${hosts}`)
  return `${[...localhost, ...(ipv6 ? localhost6 : []), ...lines].join('\n')}\n`
}
