export type { AddLinkOptions } from './create.js'
export { linkDump } from './dump.js'
export type { LinkFilter } from './dump.js'
export { readLink } from './link.js'
export type {
  BatchLinkSpec,
  Link,
  LinkChange,
  LinkKindName,
  LinkProperties,
  LinkSettings,
  LinkSpec,
  PeerSpec,
  PhysicalLink,
  UnknownKindLink,
  UnknownKindSpec
} from './link.js'
export { Links } from './links.js'
export type { ReadLinkOptions } from './links.js'
export type { NamespaceTarget } from './namespace-target.js'
export { linkOperations } from './operations.js'
export { getLink } from './requests.js'
export { RTM_DELLINK, RTM_NEWLINK } from './schema.js'
export type { LinkStatistics } from './statistics.js'
export type { OpenTun, TunLink, TunSpec } from './tun.js'
