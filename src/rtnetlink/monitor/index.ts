export type { MonitorEvent, MonitorOptions, MonitoredObject, MonitoredObjects } from './event.js'
export { Monitor } from './monitor.js'
