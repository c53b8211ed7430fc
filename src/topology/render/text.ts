import type { LinkPlace, Topology, TopologyLink, TopologyNamespace, TopologyRoute } from '../topology.js'
import type { RenderOptions } from './options.js'

/** Text for one line: control characters, which a terminal or a parser would obey, are shown instead. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0)!
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** What a namespace is called: its name, or whose it is. */
export function namespaceTitle(namespace: TopologyNamespace, options: RenderOptions): string {
  const { names, pins, current, process, inode } = namespace
  const name = options.names?.get(inode) ?? names[0]
  if (name !== undefined) return printable(name)
  if (current) return 'host'
  if (process !== undefined) return printable(`${process.name} (${process.pid})`)
  return printable(pins[0] ?? `net:[${inode}]`)
}

/** What kind of link it is, with what tells it from others of its kind: `'vlan 50'`, `'macvlan bridge'`. */
export function kindText({ kind = '', id, mode }: TopologyLink): string {
  return printable([kind, id, mode].filter((part) => part !== undefined && part !== '').join(' '))
}

/** `'up'`, `'down'`, or what holds back a link that was set up. */
export function stateText({ up, state }: TopologyLink): string {
  if (!up) return 'down'
  return state === 'unknown' ? 'up' : state
}

/** Whether a link is set up and carries packets, as far as its driver tells. */
export function isLive(link: TopologyLink): boolean {
  return stateText(link) === 'up'
}

/** The addresses that are worth showing. */
export function shownAddresses({ addresses }: TopologyLink, { all = false }: RenderOptions): string[] {
  return addresses.filter((address) => all || !/^fe[89ab][0-9a-f]:/i.test(address)).map(printable)
}

const usualLoopback = new Set(['127.0.0.1/8', '::1/128'])

/** What the modules for tunnels put into every namespace. */
const fallbackDevices = new Set([
  'tunl0',
  'gre0',
  'gretap0',
  'erspan0',
  'ip_vti0',
  'ip6_vti0',
  'sit0',
  'ip6tnl0',
  'ip6gre0'
])

/** The links that are worth showing. */
export function shownLinks({ links }: TopologyNamespace, { all = false }: RenderOptions): TopologyLink[] {
  return links.filter((link) => all || !isUsual(link))
}

function isUsual({ loopback, up, addresses, name, master }: TopologyLink): boolean {
  if (loopback) return up && addresses.every((address) => usualLoopback.has(address))
  return fallbackDevices.has(name) && !up && master === undefined && addresses.length === 0
}

/** What the caller has to say of a link. */
export function remarksOf(
  link: TopologyLink,
  namespace: TopologyNamespace,
  options: RenderOptions
): string[] {
  const remark = options.remark?.(link, namespace)
  return remark === undefined ? [] : [printable(remark)]
}

/** Where a default route by this link leads: `'default via 10.88.0.1'`. */
export function defaultRouteTexts({ defaultRoutes }: TopologyNamespace, link: TopologyLink): string[] {
  const texts = defaultRoutes.filter((route) => route.link === link.index).map(routeText)
  return [...new Set(texts)]
}

function routeText({ gateway, family }: TopologyRoute): string {
  return gateway === undefined ? `default (${family})` : `default via ${gateway}`
}

/** Finds namespaces and links of a topology by what refers to them. */
export class Places {
  readonly #namespaces: ReadonlyMap<number, TopologyNamespace>
  readonly #options: RenderOptions

  constructor({ namespaces }: Topology, options: RenderOptions) {
    this.#options = options
    this.#namespaces = new Map(namespaces.map((namespace) => [namespace.inode, namespace]))
  }

  find(place: LinkPlace): { readonly namespace: TopologyNamespace; readonly link: TopologyLink } | undefined {
    const namespace = place.namespace === undefined ? undefined : this.#namespaces.get(place.namespace)
    const link = namespace?.links.find(({ index }) => index === place.link)
    return namespace === undefined || link === undefined ? undefined : { namespace, link }
  }

  /** A link in words, as seen from a namespace: `'eth0 in con1'`. */
  text(place: LinkPlace, from: TopologyNamespace): string {
    const found = this.find(place)
    if (found === undefined) {
      const where =
        place.namespaceId === undefined ? '' : ` in an unknown namespace (id ${place.namespaceId})`
      return `link ${place.link}${where}`
    }
    const name = printable(found.link.name)
    return found.namespace === from ? name : `${name} in ${namespaceTitle(found.namespace, this.#options)}`
  }
}
