import type { NativeDump, NativeDumpChunk, NativeSocket } from '../binding.js'
import { Writer } from '../codec/index.js'
import { bounded } from './call.js'
import { DumpInterruptedError, NetlinkError, errorOf, fromNative } from './errors.js'
import { errnoName } from './errno.js'
import { readAcknowledgement, readDone } from './extended-ack.js'
import { NLMSG_DONE, NLM_F_DUMP, NLM_F_REQUEST, messages } from './message.js'
import type { CallOptions, DumpRequest, IndexOf } from './operation.js'

/** How often a dump is repeated that the kernel marks interrupted. */
const attempts = 10

/** Milliseconds of decoding after which the event loop gets a turn. */
const slice = 4

/** Reads a dump to its end. */
export async function listDump<T>(
  socket: NativeSocket,
  dump: DumpRequest<T>,
  indexOf: IndexOf,
  options: CallOptions,
  nextTicket: () => number
): Promise<T[]> {
  for (let attempt = 1; ; attempt++) {
    const result: T[] = []
    let interrupted = false
    const ticket = nextTicket()
    for await (const chunk of chunks(socket, dump, indexOf, options, ticket)) {
      interrupted = chunk.interrupted
      await decode(chunk, dump, result)
    }
    if (!interrupted) return result
    if (attempt === attempts) throw new DumpInterruptedError(dump.syscall, result, attempts)
  }
}

/** Streams a dump. What was given can't be taken back, so an interruption is told at the end. */
export async function* iterateDump<T>(
  socket: NativeSocket,
  dump: DumpRequest<T>,
  indexOf: IndexOf,
  options: CallOptions
): AsyncGenerator<T, void, undefined> {
  let interrupted = false
  for await (const chunk of chunks(socket, dump, indexOf, options, 1)) {
    interrupted = chunk.interrupted
    for (const message of messages(chunk.messages)) {
      const value = dump.read(message)
      if (value !== undefined) yield value
    }
  }
  if (interrupted) throw new DumpInterruptedError(dump.syscall, [], 1)
}

async function* chunks<T>(
  socket: NativeSocket,
  dump: DumpRequest<T>,
  indexOf: IndexOf,
  options: CallOptions,
  ticket: number
): AsyncGenerator<NativeDumpChunk, void, undefined> {
  const writer = new Writer(256)
  const start = writer.beginMessage(dump.type, NLM_F_REQUEST | NLM_F_DUMP)
  dump.write(writer, indexOf)
  writer.endMessage(start)
  const native = socket.dump(writer.written(), undefined, ticket)
  const deadline = options.timeout === undefined ? undefined : Date.now() + options.timeout
  let pending: Promise<NativeDumpChunk> | undefined
  let over = false
  try {
    while (!over) {
      const timeout = deadline === undefined ? undefined : Math.max(0, deadline - Date.now())
      pending = native.read()
      const chunk = await bounded(pending, { signal: options.signal, timeout }, dump.request, () =>
        socket.cancel(ticket)
      )
      pending = undefined
      over = chunk.done || chunk.errno !== 0
      if (chunk.errno === 0) yield chunk
      else if (dump.emptyOn?.includes(errnoName(chunk.errno)) !== true)
        throw failure(dump, chunk, writer.written())
    }
  } catch (error) {
    throw fromNative(error, dump.request)
  } finally {
    if (!over) drain(native, pending)
  }
}

/** Reads to the end a dump that nobody wants any more: the socket's next call waits for it. */
function drain(native: NativeDump, pending: Promise<NativeDumpChunk> | undefined): void {
  const next = (chunk: NativeDumpChunk): void => {
    if (!chunk.done && chunk.errno === 0) native.read().then(next, ignore)
  }
  // The socket was closed, or the dump cancelled: nothing is left to read.
  const ignore = (): void => undefined
  ;(pending ?? native.read()).then(next, ignore)
}

async function decode<T>(chunk: NativeDumpChunk, dump: DumpRequest<T>, result: T[]): Promise<void> {
  let since = performance.now()
  let count = 0
  for (const message of messages(chunk.messages)) {
    const value = dump.read(message)
    if (value !== undefined) result.push(value)
    if ((++count & 0xff) === 0 && performance.now() - since > slice) {
      await new Promise((resolve) => setImmediate(resolve))
      since = performance.now()
    }
  }
}

function failure<T>(dump: DumpRequest<T>, chunk: NativeDumpChunk, request: Uint8Array): NetlinkError {
  const [message] = chunk.error === undefined ? [] : messages(chunk.error)
  if (message === undefined) {
    return new NetlinkError({ errno: chunk.errno, syscall: chunk.syscall, request: dump.request })
  }
  const acknowledgement = message.type === NLMSG_DONE ? readDone(message) : readAcknowledgement(message)
  return errorOf(acknowledgement, request, dump.schema, { request: dump.request, syscall: dump.syscall })
}
