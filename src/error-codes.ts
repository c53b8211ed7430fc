/**
 * Every `ERR_*` code that netloom throws, and when. Kernel errors carry the errno's own name instead
 * (`'EEXIST'`): see `netlink/errno.ts`.
 */
export const errorCodes = {
  ERR_INVALID_ARG_TYPE: 'A value is of the wrong JavaScript type. Nothing was sent.',
  ERR_INVALID_ARG_VALUE:
    'A value has the right type but can never be right, or is of no known form. Nothing was sent.',
  ERR_OUT_OF_RANGE:
    'A number, or the length of a string, lies outside what the field can hold. Nothing was sent.',
  ERR_UNKNOWN_FIELD: 'An object has a key that netloom does not know. Nothing was sent.',
  ERR_MISSING_FIELD: 'An object lacks a key that the operation needs. Nothing was sent.',
  ERR_FOREIGN_LINK: 'A Link of another stack was given where a link of this one is needed. Nothing was sent.',
  ERR_UNSUPPORTED_PLATFORM:
    'netloom was called on something other than Linux, or on a machine of the other byte order.',
  ERR_CLOSED:
    'The stack, namespace, monitor, batch or container networks were closed before or during the call.',
  ERR_TIMEOUT: 'The call took longer than its timeout. If it had been sent, its outcome is unknown.',
  ERR_DUMP_INTERRUPTED:
    'The objects changed during each attempt to list them; `partial` holds what was read.',
  ERR_BATCH_ENDED:
    'A batch ended early: it was aborted, or `onProgress` threw (see `cause`). `outcomes` tells what is known.',
  ERR_BATCH_COMMITTED: 'The batch has been committed already.',
  ERR_STALE_GENERATION:
    'The rule set is no longer of the generation that the transaction asked for. Nothing was changed.',
  ERR_TRANSACTION_COMMITTED: 'The transaction has been committed already.',
  ERR_TRANSACTION_TOO_LARGE:
    "The transaction does not fit in one datagram of the socket's send buffer. Nothing was sent.",
  ERR_PROMISE_IN_NAMESPACE:
    'A function given to runSync returned a promise; only synchronous work can run inside.',
  ERR_NETWORK_NOT_FOUND: 'No container network has this name or id. Nothing was changed.',
  ERR_AMBIGUOUS_ID: 'The beginning of an id fits several networks or sandboxes. Nothing was changed.',
  ERR_NETWORK_EXISTS: 'A container network has this name already. Nothing was changed.',
  ERR_NETWORK_IN_USE: 'The container network still has endpoints. Nothing was changed.',
  ERR_NETWORK_PREDEFINED: 'The networks `bridge`, `host` and `none` are always there. Nothing was changed.',
  ERR_NETWORK_MODE:
    "The network `host` is for sandboxes in the host's own namespace, and they for it; `none` goes with no other. Nothing was changed.",
  ERR_SANDBOX_NOT_FOUND: 'No sandbox has this name or id. Nothing was changed.',
  ERR_SANDBOX_EXISTS: 'A sandbox has this name already. Nothing was changed.',
  ERR_SANDBOX_IN_USE: 'The sandbox still has endpoints. Nothing was changed.',
  ERR_SANDBOX_GONE: 'The namespace of the sandbox is gone. Nothing was changed.',
  ERR_ENDPOINT_NOT_FOUND: 'The sandbox is not connected to this network. Nothing was changed.',
  ERR_ENDPOINT_EXISTS: 'The sandbox is connected to this network already. Nothing was changed.',
  ERR_INTERFACE_EXISTS: 'The sandbox has an interface of this name already. Nothing was changed.',
  ERR_ROUTE_EXISTS:
    'A network that the sandbox is connected to gives a route to the same destination. Nothing was changed.',
  ERR_IPV6_DISABLED: 'IPv6 was asked for, and the kernel was started without it. Nothing was changed.',
  ERR_SUBNET_IN_USE: 'The subnet overlaps one of another network or of the host. Nothing was changed.',
  ERR_ADDRESS_IN_USE: 'The address is taken, or reserved. Nothing was changed.',
  ERR_POOL_EXHAUSTED: 'No subnet, or no address of the network, is left. Nothing was changed.',
  ERR_PORT_IN_USE: 'The port of the host is taken, or none of the range is left. Nothing was changed.',
  ERR_BRIDGE_FULL: 'The bridge has 1,023 ports, as many as the kernel allows. Nothing was changed.',
  ERR_LINK_NOT_FOUND:
    'The bridge, or the parent link, that a container network needs is not there, or is of another kind.',
  ERR_LINK_EXISTS: 'A link has the name already that a container network, or an endpoint, was to have.',
  ERR_LINK_IN_USE:
    'The bridge, or the parent link, is used already in a way that leaves no room for this. Nothing was changed.',
  ERR_FOREIGN_FIREWALL:
    'Rules of another program would drop the traffic of the network, and none of ours can allow it.',
  ERR_FIREWALL_INCOMPLETE:
    'The nftables table of the container networks lacks something: it was flushed or changed. Nothing was changed; `reconcile` puts it right.',
  ERR_NAME_SERVICE: 'The DNS server of a sandbox could not be started. What was made was taken back.',
  ERR_STATE_DIRECTORY:
    'The state directory can not be used or saved: it is damaged, of a newer version, out of reach, or lmdb is not installed.'
} as const

export type ErrorCode = keyof typeof errorCodes
