import { defineKind } from '../kind.js'
import { macvlanData } from '../macvlan-data.js'

/** As macvlan, but its packets go to and from a character device, `/dev/tapINDEX` (macvtap in ip-link(8)). */
export const macvtap = defineKind({ name: 'macvtap', needsLink: true, data: macvlanData })
