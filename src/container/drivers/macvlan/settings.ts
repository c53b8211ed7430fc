import { linkName, mtu, oneOf } from '../setting.js'
import type { Settings } from '../setting.js'
import type { MacvlanNetworkOptions } from './options.js'

export const macvlanSettings: Settings<MacvlanNetworkOptions> = {
  parent: linkName('parent'),
  mode: oneOf('macvlan_mode', ['bridge', 'vepa', 'private', 'passthru']),
  mtu
}
