import type { NetworkNamespace } from '../../namespace/index.js'
import type { NetworkStack } from '../../network-stack.js'
import type { EarlierValues, Firewall, FirewallNetwork, PublishedPort } from '../firewall/index.js'
import type { EndpointRecord } from '../model/endpoint.js'
import type { NetworkOptions, NetworkRecord } from '../model/network.js'

/** The machine that the networks are on. */
export interface Host {
  /** Of the namespace that is the host: that of the process, unless `open` was given another. */
  readonly stack: NetworkStack
  readonly namespace: NetworkNamespace
  readonly firewall: Firewall
  /**
   * The alias of links that a driver makes on the host for a network: by it `reconcile` tells its own from those of
   * another state directory, and of other programs. Links of endpoints are known by the link of the network that they
   * belong to.
   */
  readonly mark: string
  /** Told of the kernel parameters that a driver changed, with the values that they had, to be remembered. */
  readonly changed?: ((earlier: EarlierValues) => Promise<void>) | undefined
}

/** What a driver does for its networks. */
export interface DriverCapabilities {
  /** Its networks have pools, and their endpoints addresses. */
  readonly addresses: boolean
  /** The first address of a pool is a gateway's. */
  readonly gateway: boolean
  /** Ports can be published. */
  readonly ports: boolean
  /** An endpoint can be given a MAC address, on all networks or on some. Default: true. */
  readonly macAddresses?: boolean | ((network: NetworkRecord) => boolean)
  /** At most so many networks of it: 1 of `host` and `none`. */
  readonly networks?: number
  /** An endpoint has an interface in its sandbox. Default: whether it has addresses. */
  readonly interfaces?: boolean
}

/** A sandbox's end of an endpoint. */
export interface Inside {
  readonly stack: NetworkStack
  readonly namespace: NetworkNamespace
}

/** An endpoint, with what its driver has to know of the network and the sandbox. */
export interface EndpointPlan {
  readonly network: NetworkRecord
  readonly endpoint: EndpointRecord
}

/** What a driver found out of an endpoint that it connected. */
export interface EndpointFacts {
  readonly macAddress?: string | undefined
  readonly hostInterfaceName?: string | undefined
  /** The index of the link inside: routes by it need not look it up. */
  readonly interfaceIndex?: number | undefined
}

/**
 * Makes the kernel's objects of one kind of network.
 *
 * Records come first: everything that a driver makes is named by them, so that each method can be repeated after a
 * crash at any point. `ensure*` leaves alone what is right, and completes or mends the rest; `remove*` takes away
 * what is there, and is content with nothing. All of them may be called at once, for different endpoints.
 * A method that fails undoes what it made itself.
 */
export interface NetworkDriver {
  readonly name: string
  readonly capabilities: DriverCapabilities

  /**
   * Checks the options of a network, and completes them: the plain JSON that becomes `driverOptions` of the record.
   * `id` is the network's, `others` are those of this driver. Looks at the host where it must (a parent link, an
   * existing bridge), and makes nothing. Throws a `TypeError` or `RangeError` with the path of the option, or a
   * `NetloomError`.
   */
  plan(
    host: Host,
    options: NetworkOptions,
    id: string,
    others: readonly NetworkRecord[]
  ): Promise<Readonly<Record<string, unknown>>>

  /**
   * Whether the subnets that a network of these options asks for may overlap those of the host: they do where it is a
   * part of what the host is in itself. True where they may overlap any, as by a parent link; the names of links where
   * they may overlap those of these links alone, as by an existing bridge. Default: no.
   */
  sharesSubnets?(driverOptions: Readonly<Record<string, unknown>>): boolean | readonly string[]

  ensureNetwork(host: Host, network: NetworkRecord): Promise<void>
  /** `others` are the networks of this driver that remain: what is shared stays for them. */
  removeNetwork(host: Host, network: NetworkRecord, others: readonly NetworkRecord[]): Promise<void>

  /**
   * Connects: makes the link with its inner end in the namespace of the sandbox, under its name there, with its
   * addresses, up; and publishes its ports. The default route is none of its business: the sandbox has several
   * networks. Resolves to what it found out, such as the MAC address that the kernel chose.
   *
   * A driver with more to do once the link is up may call `whenUp` with the link's index, at most once, and wait for it:
   * core then sets the routes meanwhile. Otherwise it does so afterwards.
   */
  ensureEndpoint(
    host: Host,
    inside: Inside,
    plan: EndpointPlan,
    whenUp?: (interfaceIndex: number) => Promise<unknown>
  ): Promise<EndpointFacts>

  /**
   * Disconnects: withdraws ports and rules, takes the inner end down and out of the way (its name and addresses are
   * free at once). `inside` is missing where the namespace is gone. Deleting the link may be left to `removeLinks`.
   */
  releaseEndpoint(host: Host, inside: Inside | undefined, plan: EndpointPlan): Promise<void>

  /** Deletes the links of endpoints that were released: many together, since each deletion waits for RCU. */
  removeLinks(host: Host, endpoints: readonly EndpointRecord[]): Promise<void>

  /** The routes that a sandbox has by this endpoint when it gives the default route. */
  defaultRoutes(
    plan: EndpointPlan
  ): readonly { readonly gateway?: string; readonly family: 'inet' | 'inet6' }[]

  /** Of drivers that use the firewall: what it holds for a network, and for an endpoint, for `Firewall.reconcile`. */
  readonly firewallNetwork?: (network: NetworkRecord) => FirewallNetwork
  readonly publishedPorts?: (plan: EndpointPlan) => readonly PublishedPort[]
}
