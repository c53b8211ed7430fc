/** The drivers that netloom has, and what a driver is. */
import { bridgeDriver } from './bridge/driver.js'
import type { NetworkDriver } from './driver.js'
import { hostDriver } from './host/driver.js'
import { ipvlanDriver } from './ipvlan/driver.js'
import { macvlanDriver } from './macvlan/driver.js'
import { noneDriver } from './none/driver.js'

export const drivers: readonly NetworkDriver[] = [
  bridgeDriver,
  hostDriver,
  noneDriver,
  macvlanDriver,
  ipvlanDriver
]

export type {
  DriverCapabilities,
  EndpointFacts,
  EndpointPlan,
  Host,
  Inside,
  NetworkDriver
} from './driver.js'
export type { BridgePlan } from './bridge/plan.js'
export { bridgePlanOf } from './bridge/plan.js'
