import { isIP } from 'node:net'
import { InvalidType, invalidValue } from '../../../codec/index.js'
import { checkHostname } from './hostname.js'

/** Stands for the addresses at which a sandbox reaches the host, as in `docker run --add-host`. */
export const hostGateway = 'host-gateway'

/** A line for `/etc/hosts`. */
export interface ExtraHost {
  readonly name: string
  /** An IP address, or `'host-gateway'`. */
  readonly address: string
}

const expected = `a name and an address, such as "db:10.0.0.5", "db:[fd00::5]" or "db:${hostGateway}"`

/** Reads `'name:address'`, where an IPv6 address may be in brackets. Throws a `TypeError` for anything else. */
export function parseExtraHost(text: string): ExtraHost {
  if (typeof text !== 'string') throw new InvalidType(text, expected)
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(colon, 0))
  const address = text.slice(colon + 1).replace(/^\[(.*:.*)\]$/, '$1')
  if (name === '' || (address !== hostGateway && isIP(address) === 0)) invalidValue(text, expected)
  checkHostname(name)
  return { name, address }
}
