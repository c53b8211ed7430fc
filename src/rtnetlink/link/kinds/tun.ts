import { attribute, bool8, enumeration, present, readOnly, required, u32, u8 } from '../../../codec/index.js'
import { defineKind } from '../kind.js'

/** `IFF_TUN` and `IFF_TAP`, linux/if_tun.h */
const mode = enumeration(u8, { tun: 1, tap: 2 })

/**
 * A link whose packets a program sends and receives through a descriptor (`IFLA_TUN_*`, linux/if_link.h).
 * It is made by ioctl on `/dev/net/tun`, in the namespace in question: see `links.openTun`.
 */
export const tun = defineKind({
  name: 'tun',
  madeByIoctl: true,
  data: {
    /** `'tun'` carries IP packets, `'tap'` Ethernet frames. */
    mode: present(required(attribute(3, mode))),
    /** The user that may attach to it, by number; anyone with the right to make links when absent. */
    owner: attribute(1, u32),
    /** The group that may attach to it, by number. */
    group: attribute(2, u32),
    /** Each packet is preceded by four bytes of flags and protocol. Off by default. */
    packetInformation: attribute(4, bool8),
    /** Each packet is preceded by a `virtio_net_hdr`. Off by default. */
    virtioNetHeader: attribute(5, bool8),
    /** It stays when nobody has it open. */
    persist: attribute(6, bool8),
    /** Several descriptors may be attached at once. Off by default. */
    multiQueue: attribute(7, bool8),
    /** Descriptors attached, of those that may carry several. */
    queues: readOnly(attribute(8, u32)),
    disabledQueues: readOnly(attribute(9, u32))
  }
})
