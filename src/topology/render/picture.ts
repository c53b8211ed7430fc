import type { Topology, TopologyLink, TopologyNamespace } from '../topology.js'
import { type Cable, cables } from './cables.js'
import type { RenderOptions } from './options.js'
import {
  Places,
  defaultRouteTexts,
  isLive,
  kindText,
  namespaceTitle,
  printable,
  shownAddresses,
  remarksOf,
  shownLinks,
  stateText
} from './text.js'

/** What a picture shows of a link. All is text that still has to be escaped. */
export interface PictureLink {
  /** Of the whole picture. */
  readonly id: string
  readonly link: TopologyLink
  readonly name: string
  readonly kind: string
  readonly live: boolean
  /** Addresses, default routes, and where it leads if that is not in the picture. */
  readonly lines: readonly string[]
  /** All that is known, for where there is room: state, MAC address and MTU. */
  readonly tip: string
}

/** What a picture shows of a namespace. */
export interface PictureNamespace {
  readonly id: string
  readonly namespace: TopologyNamespace
  readonly title: string
  /** Said where there are no links. */
  readonly remark: string | undefined
  readonly links: readonly PictureLink[]
}

export interface PictureCable {
  readonly kind: Cable['kind']
  readonly from: string
  readonly to: string
}

/** A topology, ready to be drawn. */
export interface Picture {
  readonly namespaces: readonly PictureNamespace[]
  readonly cables: readonly PictureCable[]
}

/** Chooses what to draw, and words it: the same for every kind of picture. */
export function picture(topology: Topology, options: RenderOptions): Picture {
  const places = new Places(topology, options)
  const ids = new Map<TopologyLink, string>()
  const namespaces = topology.namespaces.map((namespace, i): PictureNamespace => {
    const links = shownLinks(namespace, options)
    return {
      id: `ns${i}`,
      namespace,
      title: namespaceTitle(namespace, options),
      remark: links.length === 0 ? remarkOf(namespace) : undefined,
      links: links.map((link) => {
        const id = `ns${i}_${link.index}`
        ids.set(link, id)
        return describe(id, namespace, link, places, options)
      })
    }
  })
  const joined = cables(topology, places, ({ link }) => ids.has(link))
  return {
    namespaces,
    cables: joined.map(({ kind, from, to }) => ({ kind, from: ids.get(from.link)!, to: ids.get(to.link)! }))
  }
}

/** Why a namespace shows no links. */
export function remarkOf({ unreadable }: TopologyNamespace): string {
  return unreadable === undefined ? 'no links' : `not readable (${unreadable})`
}

function describe(
  id: string,
  namespace: TopologyNamespace,
  link: TopologyLink,
  places: Places,
  options: RenderOptions
): PictureLink {
  const elsewhere = [link.peer, link.parent].filter((place) => place !== undefined)
  const lost = elsewhere.filter((place) => places.find(place) === undefined)
  const facts = factsOf(link)
  const lines = [
    ...remarksOf(link, namespace, options),
    ...shownAddresses(link, options),
    ...defaultRouteTexts(namespace, link),
    ...lost.map((place) => `to ${places.text(place, namespace)}`),
    ...(options.details === true ? facts : [])
  ]
  const live = isLive(link)
  const name = printable(link.name)
  const kind = kindText(link)
  const tip = [`${name}${kind === '' ? '' : ` (${kind})`}: ${stateText(link)}`, ...facts].join(', ')
  return { id, link, name, kind, live, lines, tip }
}

/** `['02:42:ac:11:00:02', 'MTU 1500']` */
export function factsOf({ macAddress, mtu }: TopologyLink): string[] {
  return macAddress === undefined ? [`MTU ${mtu}`] : [macAddress, `MTU ${mtu}`]
}
