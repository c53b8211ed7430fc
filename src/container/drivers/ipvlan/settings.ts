import { linkName, mtu, oneOf } from '../setting.js'
import type { Settings } from '../setting.js'
import type { IpvlanNetworkOptions } from './options.js'

export const ipvlanSettings: Settings<IpvlanNetworkOptions> = {
  parent: linkName('parent'),
  mode: oneOf('ipvlan_mode', ['l2', 'l3', 'l3s']),
  flag: oneOf('ipvlan_flag', ['bridge', 'private', 'vepa']),
  mtu
}
