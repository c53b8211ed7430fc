import type { Link } from '../../rtnetlink/link/index.js'
import { printable } from '../../topology/render/text.js'
import type { Paint } from '../paint.js'
import type { LinkNames } from './link-names.js'

/** The flags in the order of `ip link`. */
const flagOrder = [
  'loopback',
  'broadcast',
  'pointopoint',
  'multicast',
  'noarp',
  'allmulti',
  'promisc',
  'master',
  'slave',
  'debug',
  'dynamic',
  'automedia',
  'portsel',
  'notrailers',
  'up',
  'lower_up',
  'dormant',
  'echo'
] as const

/** A link as `ip link show` prints it, without the last newline. */
export function linkText(link: Link, names: LinkNames, paint: Paint): string {
  const lines = [headText(link, names, paint, true), hardwareText(link, names, paint)]
  if (link.alias !== undefined) lines.push(`    alias ${printable(link.alias)}`)
  return [...lines, ...alternativeNameLines(link)].join('\n')
}

export function alternativeNameLines({ alternativeNames }: Link): string[] {
  return alternativeNames.map((name) => `    altname ${printable(name)}`)
}

/** The first line: name, flags, settings. `ip address` leaves out the mode. */
export function headText(link: Link, names: LinkNames, paint: Paint, mode: boolean): string {
  const state = String(link.operationalState ?? 'unknown').toUpperCase()
  const words = [
    `${link.index}:`,
    `${paint('name', nameText(link, names))}:`,
    flagsText(link, names),
    `mtu ${link.mtu}`,
    ...(link.qdisc === undefined ? [] : [`qdisc ${link.qdisc}`]),
    ...(link.master === undefined ? [] : [`master ${printable(names.name(link.master))}`]),
    `state ${paint(state === 'UP' ? 'up' : state === 'DOWN' ? 'down' : 'kind', state)}`,
    ...(mode ? [`mode ${String(link.linkMode ?? 'default').toUpperCase()}`] : []),
    `group ${link.group ?? 'default'}`,
    ...(link.transmitQueueLength ? [`qlen ${link.transmitQueueLength}`] : [])
  ]
  return words.join(' ')
}

/** `'eth0'`, or `'eth0@if3'` for one that is bound to another. */
export function nameText({ name, link, linkNamespaceId }: Link, names: LinkNames): string {
  if (link === undefined) return printable(name)
  return `${printable(name)}@${linkNamespaceId === undefined ? printable(names.name(link)) : `if${link}`}`
}

function flagsText({ flags, up, link, linkNamespaceId }: Link, names: LinkNames): string {
  const set = new Set<unknown>(flags)
  const words = flagOrder.filter((flag) => set.has(flag)).map((flag) => flag.toUpperCase())
  if (up && !set.has('running')) words.unshift('NO-CARRIER')
  if (link !== undefined && linkNamespaceId === undefined && !names.isUp(link)) words.push('M-DOWN')
  return `<${words.join(',')}>`
}

/** The second line: addresses of the hardware, and where the other end is. */
export function hardwareText(link: Link, names: LinkNames, paint: Paint): string {
  const words = [`link/${link.linkType}`]
  if (link.macAddress !== undefined) words.push(paint('mac', link.macAddress))
  if (link.broadcast !== undefined) {
    words.push(link.flags.includes('pointopoint') ? 'peer' : 'brd', paint('mac', link.broadcast))
  }
  if (link.permanentMacAddress !== undefined && link.permanentMacAddress !== link.macAddress) {
    words.push('permaddr', paint('mac', link.permanentMacAddress))
  }
  if (link.linkNamespaceId !== undefined) {
    const name = names.namespace(link.linkNamespaceId)
    words.push(name === undefined ? `link-netnsid ${link.linkNamespaceId}` : `link-netns ${printable(name)}`)
  }
  if (link.protocolDown === true) words.push('protodown on')
  return `    ${words.join(' ')}`
}
