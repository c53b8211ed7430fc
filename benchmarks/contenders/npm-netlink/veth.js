import { Measurement } from './measurement.js'
import { openSocket } from './sockets.js'

/** One after another: it sends on the thread of the program, so that several sockets gain nothing. */
export async function deleteVeths({ count }) {
  const measurement = new Measurement()
  const socket = openSocket()
  for (let i = 0; i < count; i++) await socket.delLink({}, { ifname: `v${i}` })
  measurement.part('delete')
  return measurement.end(count)
}
