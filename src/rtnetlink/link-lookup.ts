import {
  alternativeName,
  attribute,
  header,
  interfaceName,
  isInterfaceName,
  record,
  u32,
  u8
} from '../codec/index.js'
import { NetlinkError, OperationQueue } from '../netlink/index.js'
import type { CallOptions, NetlinkConnection, Operation } from '../netlink/index.js'

const RTM_GETLINK = 18

/** The part of a link message that a look-up by name needs; the kernel leaves statistics out. */
const lookup = record(
  {
    family: header(0, u8),
    index: header(4, u32),
    name: attribute(3, interfaceName),
    alternativeName: attribute(53, alternativeName),
    /** `RTEXT_FILTER_SKIP_STATS` */
    mask: attribute(29, u32)
  },
  { headerSize: 16 }
)

function operation(name: string): Operation<number> {
  return {
    request: { method: 'links.get', input: name },
    syscall: 'RTM_GETLINK',
    type: RTM_GETLINK,
    flags: 0,
    schema: lookup,
    replies: true,
    write(writer) {
      lookup.write(writer, { ...(isInterfaceName(name) ? { name } : { alternativeName: name }), mask: 8 })
    },
    read([message]) {
      return lookup.read(message!.bytes, message!.offset, message!.length).index
    }
  }
}

/** Looks up the indices of links by their names or alternative names, all in one exchange. */
export async function resolveLinkNames(
  connection: NetlinkConnection,
  names: readonly string[],
  options: CallOptions
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  const queue = new OperationQueue()
  for (const name of names) queue.add(operation(name))
  const outcomes = await queue.run(connection, options)
  outcomes.forEach((outcome, i) => {
    if (outcome.status === 'applied') found.set(names[i]!, outcome.value as number)
    else if (outcome.status !== 'skipped' && !isMissing(outcome.error)) throw outcome.error
  })
  return found
}

function isMissing(error: Error): boolean {
  return error instanceof NetlinkError && error.code === 'ENODEV'
}
