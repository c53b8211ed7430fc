/** Netlink messages by hand: the tests of the binding know nothing of the codec. */
export const RTM_NEWLINK = 16
export const RTM_GETLINK = 18
export const RTM_NEWROUTE = 24
export const RTM_GETROUTE = 26
export const NLMSG_ERROR = 2
const NLM_F_CREATE = 0x400
const NLM_F_EXCL = 0x200

export interface Message {
  readonly type: number
  readonly flags: number
  readonly sequence: number
  /** Of an `NLMSG_ERROR`. */
  readonly errno: number
}

/** Splits what came back. Throws when a length doesn't fit. */
export function messages(bytes: Uint8Array): Message[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: Message[] = []
  for (let offset = 0; offset < bytes.length;) {
    const length = view.getUint32(offset, true)
    if (length < 16 || offset + length > bytes.length) throw new Error(`length ${length} at ${offset}`)
    found.push({
      type: view.getUint16(offset + 4, true),
      flags: view.getUint16(offset + 6, true),
      sequence: view.getUint32(offset + 8, true),
      errno: length >= 20 ? view.getInt32(offset + 16, true) : 0
    })
    offset += (length + 3) & ~3
  }
  return found
}

function message(type: number, flags: number, length: number): DataView {
  const view = new DataView(new ArrayBuffer(16 + length))
  view.setUint32(0, 16 + length, true)
  view.setUint16(4, type, true)
  view.setUint16(6, flags, true)
  return view
}

const bytesOf = (view: DataView) => new Uint8Array(view.buffer)

export function getLink(index: number): Uint8Array {
  const view = message(RTM_GETLINK, 0, 16)
  view.setInt32(20, index, true)
  return bytesOf(view)
}

export function dumpLinks(): Uint8Array {
  return bytesOf(message(RTM_GETLINK, 0, 16))
}

/** The loopback of a new namespace has index 1. */
export function setLoopback(up: boolean): Uint8Array {
  const view = message(RTM_NEWLINK, 0, 16)
  view.setInt32(20, 1, true)
  view.setUint32(24, up ? 1 : 0, true)
  view.setUint32(28, 1, true)
  return bytesOf(view)
}

/** A blackhole route to 10.x.x.x/32: it needs no link. */
export function newRoute(number: number): Uint8Array {
  const view = message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, 20)
  view.setUint8(16, 2) // AF_INET
  view.setUint8(17, 32)
  view.setUint8(20, 254) // the main table
  view.setUint8(21, 4) // static
  view.setUint8(23, 6) // blackhole
  view.setUint16(28, 8, true)
  view.setUint16(30, 1, true) // RTA_DST
  view.setUint32(32, 0x0a000000 + number)
  return bytesOf(view)
}

export function dumpRoutes(): Uint8Array {
  const view = message(RTM_GETROUTE, 0, 12)
  view.setUint8(16, 2)
  return bytesOf(view)
}

/** Many requests in one buffer. */
export function many(count: number, make: (index: number) => Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat(Array.from({ length: count }, (_, index) => make(index))))
}
