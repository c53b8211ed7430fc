import {
  compile,
  attribute,
  be16,
  enumeration,
  flags,
  header,
  ip,
  mac,
  presence,
  present,
  readOnly,
  record,
  required,
  u16,
  u32,
  u8
} from '../../../codec/index.js'
import type { EnumerationType, InputOf } from '../../../codec/index.js'
import { neighborFlagsField } from '../../neighbor/flags.js'
import { cacheInfo } from '../../neighbor/schema.js'
import { routeProtocol } from '../../route-protocol.js'
import { family } from '../../rtnetlink.js'

const link = u32.within({ min: 1, max: 0x7fffffff })
const vni = u32.within({ max: 0xffffff })

const states = enumeration(u16, {
  permanent: 0x80,
  static: 0x40,
  stale: 0x04,
  reachable: 0x02
})

/** `NUD_*` as `bridge fdb` names them: several bits may be set, of which the first here counts. */
export const fdbState: EnumerationType<keyof typeof states.names> = {
  ...states,
  read(bytes, offset, length) {
    const bits = u16.read(bytes, offset, length)
    for (const bit of [0x80, 0x40, 0x04, 0x02]) if ((bits & bit) !== 0) return states.nameOf(bit)
    return bits
  }
}

/** `NFEA_*`, linux/neighbour.h: whether the bridge tells that a static entry is active (Linux 5.14). */
const activity = record(
  {
    notify: attribute(1, flags(u8, { activity_notify: 1, inactive: 2 })),
    noRefresh: attribute(2, presence)
  },
  { what: 'an object { notify, noRefresh }' }
)

/** `struct ndmsg` and `NDA_*`, linux/neighbour.h, of family bridge: an entry of a forwarding database. */
export const fdbMessage = compile(
  record(
    {
      family: header(0, family, { default: () => 'bridge' as const, hidden: true }),
      link: present(header(4, link)),
      state: header(8, fdbState),
      flags: neighborFlagsField,
      macAddress: present(required(attribute(2, mac))),
      vlan: attribute(5, u16.within({ min: 1, max: 4094 })),
      destination: attribute(1, ip),
      port: attribute(6, be16.within({ min: 1 })),
      vni: attribute(7, vni),
      sourceVni: attribute(11, vni),
      outputLink: attribute(8, link),
      linkNamespaceId: readOnly(attribute(10, u32)),
      nextHopId: attribute(13, u32.within({ min: 1 })),
      protocol: attribute(12, routeProtocol),
      master: readOnly(attribute(9, u32)),
      cacheInfo: readOnly(attribute(3, cacheInfo)),
      activity: attribute(14, activity)
    },
    { headerSize: 12, what: 'an entry of a forwarding database' }
  )
)

export type FdbMessageInput = InputOf<typeof fdbMessage>
