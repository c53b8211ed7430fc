/** Names of sandboxes: who answers for them, and the files by which a sandbox resolves names. */
export * from './files/index.js'
export { LocalNameService, type LocalNameServiceOptions } from './local-name-service.js'
export type { NameEntry, NameService, ResolverSettings, ServedSandbox, Upstream } from './name-service.js'
export { removeTranslation, resolverAddress } from './translation.js'
