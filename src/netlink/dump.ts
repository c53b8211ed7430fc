import type { NativeDump, NativeDumpChunk, NativeSocket } from '../binding.js'
import { Writer } from '../codec/index.js'
import { busyPoll } from './busy-poll.js'
import { bounded, timeoutError } from './call.js'
import type { RunningCall } from './call.js'
import { DumpInterruptedError, NetlinkError, closedError, errorOf, fromNative, isClosed } from './errors.js'
import { errnoName } from './errno.js'
import { readAcknowledgement, readDone } from './extended-ack.js'
import { NLMSG_DONE, NLM_F_DUMP, NLM_F_REQUEST, MessageReader, messages } from './message.js'
import type { DumpRequest, IndexOf } from './operation.js'
import { Pacer } from './pacer.js'

/** How often a dump is repeated that the kernel marks interrupted. */
const attempts = 10

/** Reads a dump to its end. */
export async function listDump<T>(
  socket: NativeSocket,
  dump: DumpRequest<T>,
  indexOf: IndexOf,
  call: RunningCall,
  nextTicket: () => number
): Promise<T[]> {
  const pacer = pacerOf(dump)
  for (let attempt = 1; ; attempt++) {
    const result: T[] = []
    let interrupted = false
    for await (const chunk of chunks(socket, dump, indexOf, () => call, nextTicket())) {
      interrupted = chunk.interrupted
      // What has arrived is not waited for, so that time may run out without any wait.
      call.signal?.throwIfAborted()
      if (call.timeout === 0) throw timeoutError(dump.request, call, undefined)
      if (dump.packed !== undefined) {
        const value = dump.packed.read(chunk)
        if (value !== undefined) result.push(value)
        if (pacer.due()) await pacer.turn()
        continue
      }
      const reader = new MessageReader(chunk.messages)
      while (reader.next()) {
        const value = dump.read(reader)
        if (value !== undefined) result.push(value)
        if (pacer.due()) await pacer.turn()
      }
    }
    if (!interrupted) return result
    if (attempt === attempts) throw new DumpInterruptedError(dump.syscall, result, attempts)
  }
}

/** A chunk of columns is worth a look at the clock. */
export function pacerOf<T>(dump: DumpRequest<T>): Pacer {
  return dump.packed === undefined ? new Pacer() : new Pacer(1)
}

/** What the kernel sends, chunk by chunk. Whoever leaves the loop early lets go of the dump. */
export async function* chunks<T>(
  socket: NativeSocket,
  dump: DumpRequest<T>,
  indexOf: IndexOf,
  call: () => RunningCall,
  ticket: number
): AsyncGenerator<NativeDumpChunk, void, undefined> {
  const writer = new Writer(256)
  const start = writer.beginMessage(dump.type, NLM_F_REQUEST | NLM_F_DUMP)
  dump.write(writer, indexOf)
  writer.endMessage(start)
  const native = begin(socket, dump, writer.written(), ticket)
  let pending: Promise<NativeDumpChunk> | undefined
  let over = false
  let first = true
  try {
    while (!over) {
      pending = first ? busyPoll(native.read()) : native.read()
      first = false
      const chunk = await bounded(pending, call(), dump.request, () => {
        socket.cancel(ticket)
        return undefined
      })
      pending = undefined
      over = chunk.done || chunk.errno !== 0
      if (chunk.errno === 0) yield chunk
      else if (isClosed(chunk.errno, chunk.syscall)) throw closedError(dump.request)
      else if (dump.emptyOn?.includes(errnoName(chunk.errno)) !== true)
        throw failure(dump, chunk, writer.written())
    }
  } finally {
    if (!over) abandon(native, pending)
  }
}

function begin<T>(socket: NativeSocket, dump: DumpRequest<T>, bytes: Uint8Array, ticket: number): NativeDump {
  try {
    return socket.dump(bytes, undefined, ticket, dump.packed?.family)
  } catch (error) {
    throw fromNative(error, dump.request)
  }
}

/** Nobody wants the rest: the calls behind this dump are not to wait for a reader. */
function abandon(native: NativeDump, pending: Promise<NativeDumpChunk> | undefined): void {
  const discard = (): void => native.discard()
  // A read that is under way is settled first: it holds the event loop until then.
  if (pending === undefined) discard()
  else pending.then(discard, discard)
}

function failure<T>(dump: DumpRequest<T>, chunk: NativeDumpChunk, request: Uint8Array): NetlinkError {
  const [message] = chunk.error === undefined ? [] : messages(chunk.error)
  if (message === undefined) {
    return new NetlinkError({ errno: chunk.errno, syscall: chunk.syscall, request: dump.request })
  }
  const acknowledgement = message.type === NLMSG_DONE ? readDone(message) : readAcknowledgement(message)
  return errorOf(acknowledgement, request, dump.schema, { request: dump.request, syscall: dump.syscall })
}
