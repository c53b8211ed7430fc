import type { NetworkDriver } from '../driver.js'
import { driverWithoutLinks } from '../without-links.js'

/** The loopback, and nothing else. */
export const noneDriver: NetworkDriver = driverWithoutLinks('none', async (_host, inside) => {
  await inside.stack.links.set('lo', { up: true })
  return {}
})
