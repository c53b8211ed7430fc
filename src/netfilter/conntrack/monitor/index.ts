export type { ConntrackEvent, ConntrackMonitorOptions, ConntrackObject, ConntrackObjects } from './event.js'
export { ConntrackMonitor } from './monitor.js'
