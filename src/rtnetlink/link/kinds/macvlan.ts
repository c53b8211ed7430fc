import { defineKind } from '../kind.js'
import { macvlanData } from '../macvlan-data.js'

/** A link with a MAC address of its own on top of another, which is given as `link` (macvlan in ip-link(8)). */
export const macvlan = defineKind({ name: 'macvlan', needsLink: true, data: macvlanData })
