import { InvalidType, familyOf, invalidType, isInterfaceName } from '../../codec/index.js'
import type { InputOf } from '../../codec/index.js'
import type { LinkRef } from '../link-ref.js'
import type { AddressKey, AddressSpec } from './address.js'
import { settableFlags, settableInetFlags } from './flags.js'
import type { AddressFlag } from './flags.js'
import type { addressMessage } from './schema.js'

type Input = Omit<InputOf<typeof addressMessage>, 'link'>

/** Checks an address to add and turns it into what goes on the wire. */
export function addressInput(given: AddressSpec | string, link: LinkRef): Input {
  if (typeof given === 'string') return { address: given }
  if (typeof given !== 'object' || given === null) invalidType(given, 'an address: a string or an object')
  const { address, flags, label } = given
  const isInet6 = typeof address === 'string' && familyOf(address) === 'inet6'
  if (Array.isArray(flags)) checkFlags(flags as readonly AddressFlag[], isInet6)
  if (label !== undefined) checkLabel(label, link, isInet6)
  return given
}

/** The part of a key that goes on the wire. */
export function addressKeyInput(given: AddressKey | string): Input {
  if (typeof given === 'string') return { address: given }
  if (typeof given !== 'object' || given === null) invalidType(given, 'an address: a string or an object')
  const { address, peer, label } = given
  return { address, peer, label }
}

/** The kernel would ignore a flag that it alone sets, or that belongs to the other family. */
function checkFlags(flags: readonly AddressFlag[], isInet6: boolean): void {
  const settable: readonly AddressFlag[] = isInet6 ? settableFlags : settableInetFlags
  flags.forEach((flag, i) => {
    if (typeof flag === 'number' || settable.includes(flag)) return
    const names = settable.map((name) => `"${name}"`).join(', ')
    const expected = `one of ${names}, which can be given to an ${isInet6 ? 'IPv6' : 'IPv4'} address`
    throw new InvalidType(flag, expected, 'ERR_INVALID_ARG_VALUE').within(i).within('flags')
  })
}

/** As iproute2 does: a label is the link's name and what may follow. */
function checkLabel(label: unknown, link: LinkRef, isInet6: boolean): void {
  if (isInet6) {
    throw new InvalidType(label, 'absent: IPv6 addresses have no label', 'ERR_INVALID_ARG_VALUE').within(
      'label'
    )
  }
  const name = typeof link === 'object' ? link.name : link
  if (typeof name !== 'string' || !isInterfaceName(name) || typeof label !== 'string') return
  if (!label.startsWith(name)) {
    const expected = `a string that begins with the link's name, "${name}"`
    throw new InvalidType(label, expected, 'ERR_INVALID_ARG_VALUE').within('label')
  }
}
