import { InvalidType, invalidRange, within } from '../../../codec/index.js'
import type { OutputOf, UnknownAttribute } from '../../../codec/index.js'
import type { Message } from '../../../netlink/index.js'
import type { LinkRef } from '../../link-ref.js'
import { ONLY_OPTIONS, vlanMessage } from './schema.js'
import type { BridgeVlanFlag, VlanEntryInput, vlanState } from './schema.js'

/** A VLAN's state in the spanning tree. */
export type BridgeVlanState = OutputOf<typeof vlanState>

/** The traffic of a VLAN at a port, counted if the bridge was told to. */
export interface BridgeVlanStatistics {
  readonly receivedBytes: number
  readonly receivedPackets: number
  readonly transmittedBytes: number
  readonly transmittedPackets: number
}

/** A VLAN of a bridge's port, or of the bridge itself: `bridge vlan`. */
export interface BridgeVlan {
  /** The index of the port or bridge. */
  readonly link: number
  readonly vlan: number
  readonly flags: readonly BridgeVlanFlag[]
  readonly state?: BridgeVlanState
  /** The tunnel id (VNI) that it is mapped to, on a port with `vlanTunnel`. */
  readonly tunnelId?: number
  /** Whether the port leads to a multicast router: 0 never, 1 as learnt, 2 always (Linux 5.15). */
  readonly multicastRouter?: number
  /** How many multicast groups it is in (Linux 6.3). */
  readonly multicastGroups?: number
  /** How many it may be in; 0 for any number (Linux 6.3). */
  readonly multicastMaxGroups?: number
  /** Answer ARP and neighbour discovery for it (Linux 6.4). */
  readonly neighborSuppress?: boolean
  /** On request: see `BridgeVlanFilter.statistics`. */
  readonly statistics?: BridgeVlanStatistics
  readonly unknown?: readonly UnknownAttribute[]
}

/** One VLAN, or several in a row. */
export interface BridgeVlanKey {
  /** A port of a bridge, or a bridge. */
  readonly link: LinkRef
  /** 1 to 4094. */
  readonly vlan: number
  /** The last of several in a row; `vlan` is the first. */
  readonly vlanEnd?: number | undefined
}

/** What can be changed of VLANs that are there. */
export interface BridgeVlanOptions {
  readonly state?: BridgeVlanState | undefined
  /** The tunnel id of `vlan`; of several in a row, the following ones take the following ids. `null` unmaps. */
  readonly tunnelId?: number | null | undefined
  readonly multicastRouter?: number | undefined
  readonly multicastMaxGroups?: number | undefined
  readonly neighborSuppress?: boolean | undefined
}

/** VLANs to add. */
export interface BridgeVlanSpec extends BridgeVlanKey, BridgeVlanOptions {
  /** `'pvid'` is for one VLAN alone. None by default: what goes out is tagged. */
  readonly flags?: readonly BridgeVlanFlag[] | undefined
}

/** VLANs to change. */
export type BridgeVlanChange = BridgeVlanKey & BridgeVlanOptions

/** Turns VLANs to add into what goes on the wire. */
export function vlanInput(spec: Omit<BridgeVlanSpec, 'link'>): VlanEntryInput {
  if (Array.isArray(spec.flags) && spec.flags.includes('pvid') && spec.vlanEnd !== undefined) {
    const expected = 'absent with "pvid", which only one VLAN can be'
    throw new InvalidType(spec.vlanEnd, expected, 'ERR_INVALID_ARG_VALUE').within('vlanEnd')
  }
  return checkRange(spec)
}

/** Turns VLANs to change into what goes on the wire. */
export function vlanChangeInput(change: Omit<BridgeVlanChange, 'link'>): VlanEntryInput {
  if ('flags' in change) {
    const expected = 'absent: add the VLAN again to give it other flags'
    throw new InvalidType(change.flags, expected, 'ERR_UNKNOWN_FIELD').within('flags')
  }
  return { ...checkRange(change), flags: [ONLY_OPTIONS] }
}

/** The part of a key that goes on the wire. */
export function vlanKeyInput({ vlan, vlanEnd }: Omit<BridgeVlanKey, 'link'>): VlanEntryInput {
  return checkRange({ vlan, vlanEnd })
}

function checkRange<T extends Omit<BridgeVlanKey, 'link'>>(vlans: T): T {
  const { vlan, vlanEnd } = vlans
  if (vlanEnd !== undefined && !(vlanEnd > vlan)) {
    within('vlanEnd', () => invalidRange(vlanEnd, `a number greater than vlan, which is ${vlan}`))
  }
  return vlans
}

/** Reads the VLANs of one port out of its message: the kernel sends those in a row that are alike as one. */
export function readVlans(message: Message): BridgeVlan[] {
  const { link, entries = [] } = vlanMessage.read(message.bytes, message.offset, message.length)
  const vlans: BridgeVlan[] = []
  for (const { vlan: first, vlanEnd = first, tunnelId, ...rest } of entries) {
    for (let vlan = first; vlan <= vlanEnd; vlan++) {
      const one = { link, vlan, ...rest } as BridgeVlan
      vlans.push(tunnelId === undefined ? one : { ...one, tunnelId: tunnelId + vlan - first })
    }
  }
  return vlans
}
