import type { NetworkDriver } from '../driver.js'
import { driverWithoutLinks } from '../without-links.js'

/** The stack of the host itself: the sandbox shares its namespace, and nothing is made in it. */
export const hostDriver: NetworkDriver = driverWithoutLinks('host', () => Promise.resolve({}))
