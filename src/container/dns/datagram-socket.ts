import { createSocket } from 'node:dgram'
import type { Socket, SocketOptions } from 'node:dgram'
import { closeSync } from 'node:fs'
import type { NetworkNamespace, UdpSocketOptions } from '../../namespace/index.js'

/** Addresses are numeric here; the look-up of node:dgram would cost a turn of the event loop for each datagram. */
const numeric: SocketOptions['lookup'] = (address, _options, callback) => callback(null, address, 0)

/**
 * Opens a UDP socket inside a namespace, for node:dgram. It doesn't keep the process alive. Rejects with what
 * `openSocket` rejects with, and where the runtime takes no descriptor (Deno).
 */
export async function openDatagramSocket(
  namespace: NetworkNamespace,
  options: Omit<UdpSocketOptions, 'type'>
): Promise<Socket> {
  const fd = await namespace.openSocket({ type: 'udp', ...options })
  const socket = createSocket({ type: options.family === 'inet6' ? 'udp6' : 'udp4', lookup: numeric })
  try {
    socket.bind({ fd, exclusive: true })
  } catch (error) {
    closeSync(fd)
    socket.close()
    throw error
  }
  // It can only be of one datagram, which its sender sends again.
  socket.on('error', () => undefined)
  return socket.unref()
}
