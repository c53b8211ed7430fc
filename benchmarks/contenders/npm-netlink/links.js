import { Measurement, timeEach } from './measurement.js'
import { openSocket } from './sockets.js'

/** A receive buffer of the usual size holds the replies to about 90; when it overflows, the library aborts. */
const inFlightPerSocket = 64

export async function getLinkEach({ count }) {
  const measurement = new Measurement()
  const socket = openSocket()
  const get = await timeEach(Array(count).fill('wire0'), (name) => getLink(socket, name))
  return measurement.end(count, { get })
}

export async function getLinksConcurrently({ count, concurrency }) {
  let started = 0
  const measurement = new Measurement()
  const sockets = Array.from({ length: Math.ceil(concurrency / inFlightPerSocket) }, openSocket)
  const getNext = async (socket) => {
    while (started < count) {
      started += 1
      await getLink(socket, 'wire0')
    }
  }
  await Promise.all(Array.from({ length: concurrency }, (_, i) => getNext(sockets[i % sockets.length])))
  measurement.part('get')
  return measurement.end(started)
}

async function getLink(socket, ifname) {
  const [link] = await socket.getLink({}, { ifname })
  if (link?.attrs.ifname !== ifname) throw new Error(`no link ${ifname}`)
  return link
}
