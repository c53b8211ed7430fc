import type { NetlinkConnection } from '../../netlink/index.js'
import { ForwardingDatabase } from './fdb/index.js'
import { BridgeVlans } from './vlan/index.js'

/** What bridges know (`bridge`). Bridges themselves, and their ports' settings, are links. */
export class Bridge {
  /** Behind which port an address is, for bridges and VXLAN links. */
  readonly fdb: ForwardingDatabase
  /** Which VLANs a port is in. */
  readonly vlans: BridgeVlans

  constructor(connection: NetlinkConnection) {
    this.fdb = new ForwardingDatabase(connection)
    this.vlans = new BridgeVlans(connection)
  }
}
