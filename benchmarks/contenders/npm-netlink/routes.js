import {
  Flags,
  FlagsGet,
  FlagsNew,
  MessageType,
  Protocol,
  RawNetlinkSocket,
  formatMessage,
  parseMessages,
  rt
} from 'netlink'
import { Measurement, timeEach } from './measurement.js'
import { routesOf, wireIndex } from './network.js'
import { dumpOptions, openDumpSocket, openSocket } from './sockets.js'

const tableMain = 254

export const addRoutes = ({ family, count }) => changeRoutes('add', family, count, addRoute)
export const deleteRoutes = ({ family, count }) => changeRoutes('delete', family, count, deleteRoute)

/** One after another: it has no batches, and with more in flight everything was slower. */
async function changeRoutes(part, family, count, change) {
  const routes = routesOf(family)
  const destinations = routes.destinations(count)
  const wire = await wireIndex()
  const measurement = new Measurement()
  const socket = openSocket()
  for (const destination of destinations) await change(socket, routes, destination, wire)
  measurement.part(part)
  return measurement.end(count)
}

export async function addRouteEach({ count }) {
  const routes = routesOf('inet')
  const destinations = routes.destinations(count)
  const wire = await wireIndex()
  const measurement = new Measurement()
  const socket = openSocket()
  const add = await timeEach(destinations, (destination) => addRoute(socket, routes, destination, wire))
  return measurement.end(count, { add })
}

const addRoute = (socket, routes, destination, wire) =>
  socket.newRoute(header(routes), attributes(routes, destination, wire), {
    flags: FlagsNew.CREATE | FlagsNew.EXCL
  })

const deleteRoute = (socket, routes, destination, wire) =>
  socket.delRoute(header(routes), attributes(routes, destination, wire))

const header = ({ family, dstLen }) => ({
  family,
  dstLen,
  table: tableMain,
  protocol: 'STATIC',
  scope: 'UNIVERSE',
  type: 'UNICAST'
})

const attributes = ({ gateway }, dst, oif) => ({ dst, gateway, oif })

export async function listRoutes({ family }) {
  const { family: number, gateway } = routesOf(family)
  const measurement = new Measurement()
  const routes = await openDumpSocket().getRoutes({ family: number })
  measurement.part('list')
  return measurement.end(routes.filter(({ attrs }) => attrs.gateway?.equals(gateway)).length)
}

/** The kernel sends all tables: the library can't ask it to check strictly, without which it filters none. */
export async function readTable({ family, table, repeat }) {
  const { family: number } = routesOf(family)
  let count = 0
  const measurement = new Measurement()
  const socket = openDumpSocket()
  const times = await timeEach(Array(repeat).fill(table), async () => {
    const routes = await socket.getRoutes({ family: number })
    count += routes.filter(({ attrs }) => attrs.table === table).length
  })
  return measurement.end(count, { table: times })
}

/** On the layer below, as `getRoutes` keeps every message until the last has come. */
export async function streamRoutes({ family }) {
  const { family: number, gateway } = routesOf(family)
  let count = 0
  const measurement = new Measurement()
  const socket = new RawNetlinkSocket(Protocol.ROUTE, dumpOptions)
  await new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('truncatedMessage', () => reject(new Error('a datagram was truncated')))
    socket.on('message', (datagram) => {
      for (const { type, data } of parseMessages(datagram)) {
        if (type === MessageType.ERROR) reject(new Error('the kernel refused the dump'))
        if (type === MessageType.DONE) return resolve()
        const { attrs } = rt.parseMessage(type, data)
        if (attrs.dst !== undefined && attrs.gateway?.equals(gateway)) count += 1
      }
    })
    const flags = Flags.REQUEST | FlagsGet.DUMP
    const { port } = socket.address()
    const data = rt.formatRoute({ family: number })
    socket.send(formatMessage({ type: rt.MessageType.GETROUTE, flags, seq: 1, port, data }))
  })
  measurement.part('stream')
  socket.close()
  return measurement.end(count)
}
