import { invalidType, readLinkLayerAddress } from '../../codec/index.js'
import type { Type } from '../../codec/index.js'

/** `struct ifla_bridge_id`: a priority and a MAC address, as `ip` prints them: `8000.02:42:ac:11:00:02`. */
export const bridgeId: Type<string> = {
  expected: 'a bridge id; it is only read',
  size: 8,
  write: (_writer, value) => invalidType(value, 'absent: it is only read'),
  read(bytes, offset) {
    const priority = ((bytes[offset]! << 8) | bytes[offset + 1]!).toString(16).padStart(4, '0')
    return `${priority}.${readLinkLayerAddress(bytes, offset + 2, 6)}`
  }
}
