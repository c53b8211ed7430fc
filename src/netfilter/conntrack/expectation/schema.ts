import {
  attribute,
  be16,
  be32,
  enumeration,
  flags,
  present,
  readOnly,
  record,
  required,
  text
} from '../../../codec/index.js'
import type { InputOf, OutputOf } from '../../../codec/index.js'
import { subsystem, nfnetlinkType, nfgenmsgSize } from '../../nfnetlink.js'
import { nfgenFamily, nfgenResource } from '../nfgen.js'
import { helperName } from '../schema.js'
import { tuple } from '../tuple.js'

/** `IPCTNL_MSG_EXP_*`, linux/netfilter/nfnetlink_conntrack.h. */
export const IPCTNL_MSG_EXP_NEW = nfnetlinkType(subsystem.expectation, 0)
export const IPCTNL_MSG_EXP_GET = nfnetlinkType(subsystem.expectation, 1)
export const IPCTNL_MSG_EXP_DELETE = nfnetlinkType(subsystem.expectation, 2)
export const IPCTNL_MSG_EXP_GET_STATS_CPU = nfnetlinkType(subsystem.expectation, 3)

/** `NF_CT_EXPECT_*`, linux/netfilter/nf_conntrack_common.h. */
const expectationFlags = flags(be32, { permanent: 0x1, inactive: 0x2, userspace: 0x4 })

/** `CTA_EXPECT_NAT_*`: how the expected connection will be translated. */
const expectationNat = record(
  {
    direction: present(required(attribute(1, enumeration(be32, { original: 0, reply: 1 })))),
    tuple: present(required(attribute(2, tuple)))
  },
  { what: 'the translation of an expected connection' }
)

/** `CTA_EXPECT_*`. */
export const expectationMessage = record(
  {
    family: present(nfgenFamily),
    master: present(attribute(1, tuple)),
    tuple: present(attribute(2, tuple)),
    mask: present(attribute(3, tuple)),
    timeout: attribute(4, be32),
    id: readOnly(attribute(5, be32)),
    helper: attribute(6, helperName),
    zone: attribute(7, be16),
    flags: attribute(8, expectationFlags),
    class: attribute(9, be32),
    nat: attribute(10, expectationNat),
    /** The kernel's function that sees the expected connection begin. */
    function: attribute(11, text(64))
  },
  { headerSize: nfgenmsgSize, what: 'an expectation' }
)

export type ExpectationMessage = OutputOf<typeof expectationMessage>
export type ExpectationMessageInput = InputOf<typeof expectationMessage>

/** `CTA_STATS_EXP_*`: the resource of the header is the processor. */
export const expectationStatistics = record(
  {
    cpu: present(nfgenResource),
    new: attribute(1, be32),
    create: attribute(2, be32),
    delete: attribute(3, be32)
  },
  { headerSize: nfgenmsgSize }
)
