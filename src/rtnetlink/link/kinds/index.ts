import { bridge } from './bridge.js'
import { dummy } from './dummy.js'
import { ifb } from './ifb.js'
import { ipvlan } from './ipvlan.js'
import { macvlan } from './macvlan.js'
import { macvtap } from './macvtap.js'
import { tun } from './tun.js'
import { veth } from './veth.js'
import { vlan } from './vlan.js'
import { vxlan } from './vxlan.js'

/** Every kind of link that netloom knows. */
export const kinds = [bridge, dummy, ifb, ipvlan, macvlan, macvtap, tun, veth, vlan, vxlan] as const
