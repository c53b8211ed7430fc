import type { MonitorEvent } from '../../rtnetlink/monitor/index.js'
import { printable } from '../../topology/render/text.js'
import type { Paint } from '../paint.js'
import { addressLine } from './address.js'
import { LinkNames } from './link-names.js'
import { linkText } from './link.js'
import { neighborText } from './neighbor.js'
import { nextHopText } from './next-hop.js'
import { routeText } from './route.js'
import { ruleText } from './rule.js'

/** Words the events of a monitor as `ip monitor` does. It learns the names of links from them, in their order. */
export class EventTexts {
  readonly #names = new LinkNames()
  readonly #paint: Paint

  constructor(paint: Paint) {
    this.#paint = paint
  }

  text(event: MonitorEvent): string {
    // The name of a link that is gone is still needed, for what goes with it.
    if (event.object === 'link') this.#names.set(event.value)
    return `${event.change === 'delete' ? 'Deleted ' : ''}${this.#body(event)}`
  }

  #body(event: MonitorEvent): string {
    const names = this.#names
    const paint = this.#paint
    switch (event.object) {
      case 'link':
        return linkText(event.value, names, paint)
      case 'address': {
        const { link } = event.value
        return `${link}: ${paint('name', printable(names.name(link)))}    ${addressLine(event.value, paint)}`
      }
      case 'route':
        return routeText(event.value, names, paint)
      case 'neighbor':
        return neighborText(event.value, names, paint)
      case 'rule':
        return ruleText(event.value, paint)
      case 'nexthop':
        return `nexthop ${nextHopText(event.value, names, paint)}`
    }
  }
}
