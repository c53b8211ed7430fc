import { openDumpSocket } from './sockets.js'

const gatewayV4 = Buffer.from([10, 255, 0, 2])
const gatewayV6 = Buffer.from('fd00ffff000000000000000000000002', 'hex')

/** What the routes of a family have in common, and their destinations. */
export function routesOf(family) {
  switch (family) {
    case 'inet':
      return {
        family: 2,
        dstLen: 24,
        gateway: gatewayV4,
        destinations: (count) => buffers(count, destinationV4)
      }
    case 'inet6':
      return {
        family: 10,
        dstLen: 64,
        gateway: gatewayV6,
        destinations: (count) => buffers(count, destinationV6)
      }
    default:
      throw new Error(`family=${family}: expected inet or inet6`)
  }
}

/** The index of the link that every route goes out of, which belongs to the inputs. */
export async function wireIndex() {
  const socket = openDumpSocket()
  const links = await socket.getLinks()
  socket.socket.close()
  return links.find((link) => link.attrs.ifname === 'wire0').data.index
}

const buffers = (count, destination) => Array.from({ length: count }, (_, i) => destination(i))

function destinationV4(i) {
  const address = Buffer.alloc(4)
  address.writeUInt32BE(0x10000000 + 256 * i)
  return address
}

function destinationV6(i) {
  const address = Buffer.alloc(16)
  address.writeUInt32BE(0x20010db8)
  address.writeUInt32BE(i, 4)
  return address
}
