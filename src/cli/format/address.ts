import type { Address } from '../../rtnetlink/address/index.js'
import { printable } from '../../topology/render/text.js'
import type { Paint } from '../paint.js'

/** An address as `ip address show` prints it: two lines, without the last newline. */
export function addressText(address: Address, paint: Paint): string {
  return `    ${addressLine(address, paint)}\n       ${lifetimesText(address)}`
}

/** Everything but the lifetimes: `inet 10.0.0.2/24 brd 10.0.0.255 scope global eth0`. */
export function addressLine(address: Address, paint: Paint): string {
  const { family, peer, priority, broadcast, anycast, scope, protocol, flags, label } = address
  const local = peer === undefined ? address.address : address.address.replace(/\/.*/, '')
  const words = [
    family,
    paint(family, local),
    ...(peer === undefined ? [] : [`peer ${paint(family, peer)}`]),
    ...(priority === undefined ? [] : [`metric ${priority}`]),
    ...(broadcast === undefined ? [] : [`brd ${paint(family, broadcast)}`]),
    ...(anycast === undefined ? [] : [`any ${anycast}`]),
    `scope ${scope}`,
    ...(protocol === undefined ? [] : [`proto ${protocol}`]),
    ...flagWords(flags),
    ...(label === undefined ? [] : [printable(label)])
  ]
  return words.join(' ')
}

/** In the place of `permanent`, which goes without saying, stands `dynamic` where that is missing. */
function flagWords(flags: Address['flags']): string[] {
  const words = flags.filter((flag) => flag !== 'permanent').map(String)
  if (flags.includes('permanent')) return words
  const after = words.findIndex((flag) =>
    ['mngtmpaddr', 'noprefixroute', 'autojoin', 'stable-privacy'].includes(flag)
  )
  words.splice(after === -1 ? words.length : after, 0, 'dynamic')
  return words
}

function lifetimesText({ validLifetime = Infinity, preferredLifetime = Infinity }: Address): string {
  return `valid_lft ${lifetime(validLifetime)} preferred_lft ${lifetime(preferredLifetime)}`
}

function lifetime(seconds: number): string {
  return seconds === Infinity ? 'forever' : `${seconds}sec`
}
