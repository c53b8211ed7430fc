/** Verbs on many objects at once. */
export * from './apply-many.js'
export * from './flush.js'
export type { Inputs } from './inputs.js'
export * from './options.js'
export * from './pipeline.js'
export * from './result.js'
export * from './verbs.js'
