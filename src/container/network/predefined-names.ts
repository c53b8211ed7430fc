import type { NetworkRecord } from '../model/network.js'

/** The networks that are there from the start, as in Docker: each is the one of the driver of its name. */
export const predefinedNames = ['bridge', 'host', 'none'] as const

const names: readonly string[] = predefinedNames

export function isPredefined({ name }: NetworkRecord): boolean {
  return names.includes(name)
}

/** Sandboxes of it have the resolver at 127.0.0.11, and find each other by name. */
export function isUserDefined(network: NetworkRecord): boolean {
  return !isPredefined(network)
}
