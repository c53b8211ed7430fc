/** What there is of a machine's network, namespace by namespace: plain data, which JSON can say. */
export interface Topology {
  /** The one of the process that read it first, then those that have a name, then the others. */
  readonly namespaces: readonly TopologyNamespace[]
}

/** A network namespace. */
export interface TopologyNamespace {
  /** `st_ino`: tells it from every other namespace that exists. */
  readonly inode: number
  /** It is that of the process that read it. */
  readonly current: boolean
  /** Its names in `/run/netns`, sorted. */
  readonly names: readonly string[]
  /** The files on which it is pinned, in `/run/netns` and elsewhere, such as those of Docker; sorted. */
  readonly pins: readonly string[]
  /** Of the programs that run in it the one with the lowest id, as far as this user may see. */
  readonly process?: TopologyProcess | undefined
  /** How many processes are in it, as far as this user may see. */
  readonly processes: number
  /** In the order of their indices. */
  readonly links: readonly TopologyLink[]
  /** The default routes of its main table. */
  readonly defaultRoutes: readonly TopologyRoute[]
  /** Why nothing of it could be read: `'EPERM'`. */
  readonly unreadable?: string | undefined
}

export interface TopologyProcess {
  readonly pid: number
  /** `/proc/PID/comm` */
  readonly name: string
}

/** A link, with what it is connected to. */
export interface TopologyLink {
  readonly index: number
  readonly name: string
  /** As the kernel spells it; absent for hardware and the loopback. */
  readonly kind?: string | undefined
  /** The id of a VLAN, or of a VXLAN. */
  readonly id?: number | undefined
  /** The mode of a macvlan, macvtap or ipvlan. */
  readonly mode?: string | undefined
  readonly loopback: boolean
  readonly up: boolean
  /** RFC 2863, in the words of `/sys/class/net/NAME/operstate`: `'up'`, `'down'`, `'unknown'`, `'lowerlayerdown'`. */
  readonly state: string
  readonly macAddress?: string | undefined
  readonly mtu: number
  /** With their prefix lengths: `'10.88.0.2/16'`. */
  readonly addresses: readonly string[]
  /** The bridge, bond or VRF that it is a port of: an index in the same namespace. */
  readonly master?: number | undefined
  /** The indices of its ports, if it has any. */
  readonly ports?: readonly number[] | undefined
  /** The other end of a pair: of a veth, netkit or vxcan. */
  readonly peer?: LinkPlace | undefined
  /** What it sits on, or sends by: of a vlan, macvlan, ipvlan, vxlan and so on. */
  readonly parent?: LinkPlace | undefined
}

/** A link of some namespace. */
export interface LinkPlace {
  /** The inode of its namespace; absent if that could not be found. */
  readonly namespace?: number | undefined
  /** The id (nsid) by which the link that refers to it knows its namespace; absent if that is its own. */
  readonly namespaceId?: number | undefined
  /** Its index there. */
  readonly link: number
}

/** A default route; one for each hop of a multipath route. */
export interface TopologyRoute {
  readonly family: 'inet' | 'inet6'
  readonly gateway?: string | undefined
  /** The index of the link that it leaves by. */
  readonly link?: number | undefined
  /** The metric: the lowest wins. */
  readonly priority?: number | undefined
}
