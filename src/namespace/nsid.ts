import type { NativeNamespace } from '../binding.js'
import { type OutputOf, attribute, i32, record, u32 } from '../codec/index.js'
import {
  BatchError,
  type CallOptions,
  type Operation,
  NetlinkConnection,
  OperationQueue,
  type RequestDescription
} from '../netlink/index.js'

const NETLINK_ROUTE = 0

/** Message types, linux/rtnetlink.h. */
const RTM_NEWNSID = 88
const RTM_GETNSID = 90

/** "None assigned" when reading; "any that is free" when assigning (`NETNSA_NSID_NOT_ASSIGNED`). */
export const notAssigned = -1

/** `struct rtgenmsg` and `NETNSA_*`, linux/net_namespace.h. */
const message = record(
  {
    id: attribute(1, i32),
    pid: attribute(2, u32),
    descriptor: attribute(3, u32)
  },
  { headerSize: 1, what: 'a namespace id' }
)

/** The largest id that the kernel takes. */
export const largestId = 0x7fffffff

/** Asks which id a namespace has, as seen from where the request is sent. */
export function getId(
  namespace: NativeNamespace,
  request: RequestDescription
): Operation<number | undefined> {
  return {
    request,
    syscall: 'RTM_GETNSID',
    type: RTM_GETNSID,
    flags: 0,
    schema: message,
    replies: true,
    write: (writer) => message.write(writer, { descriptor: namespace.fd }),
    read(messages) {
      const reply = messages.find(({ type }) => type === RTM_NEWNSID)
      if (reply === undefined) return undefined
      const { id }: OutputOf<typeof message> = message.read(reply.bytes, reply.offset, reply.length)
      return id === notAssigned ? undefined : id
    }
  }
}

/** Gives a namespace an id, as seen from where the request is sent. */
export function setId(
  namespace: NativeNamespace,
  id: number,
  request: RequestDescription
): Operation<undefined> {
  return {
    request,
    syscall: 'RTM_NEWNSID',
    type: RTM_NEWNSID,
    flags: 0,
    schema: message,
    write: (writer) => message.write(writer, { id, descriptor: namespace.fd }),
    explain: (code) =>
      code === 'EEXIST'
        ? 'the namespace has an id already'
        : code === 'ENOSPC'
          ? 'the id is taken by another namespace'
          : undefined
  }
}

/** Does something over a connection that lives only for it. */
export async function overConnection<T>(
  namespace: NativeNamespace | undefined,
  use: (connection: NetlinkConnection) => Promise<T>
): Promise<T> {
  const connection = await NetlinkConnection.open({ protocol: NETLINK_ROUTE, namespace })
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

/** The ids of many namespaces, as the calling thread's own namespace sees them. */
export async function getIds(
  connection: NetlinkConnection,
  namespaces: readonly NativeNamespace[],
  options: CallOptions
): Promise<(number | undefined)[]> {
  if (namespaces.length === 0) return []
  const queue = new OperationQueue()
  for (const namespace of namespaces) {
    queue.add(getId(namespace, { method: 'NetworkNamespace.list', input: undefined }))
  }
  const outcomes = await queue.run(connection, options).catch((error: unknown) => {
    // The caller knows of no batch: an abort rejects with the signal's reason.
    throw error instanceof BatchError ? error.cause : error
  })
  return outcomes.map((outcome) =>
    outcome.status === 'applied' ? (outcome.value as number | undefined) : undefined
  )
}
