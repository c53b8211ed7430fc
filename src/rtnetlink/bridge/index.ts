export { Bridge } from './bridge.js'
export * from './fdb/index.js'
export * from './vlan/index.js'
