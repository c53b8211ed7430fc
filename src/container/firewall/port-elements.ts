import { familyOf } from '../../codec/index.js'
import type { Ruleset, SetElement } from '../../netfilter/nftables/index.js'
import { portProtocols } from './check.js'
import { mergedElements } from './contents.js'
import type { SetElements } from './contents.js'
import type { PublishedPort } from './firewall.js'
import type { TableLayout, Version } from './layout.js'

export const isUnspecified = (address: string): boolean => address === '0.0.0.0' || address === '::'
const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.')

/** The elements of the maps that published ports are: one for each, and one more where it can be reached from 127.0.0.1. */
export function portElements(layout: TableLayout, ports: readonly PublishedPort[]): SetElements[] {
  return mergedElements(ports.flatMap((port) => elementsOf(layout, port)))
}

function elementsOf(layout: TableLayout, port: PublishedPort): SetElements[] {
  const { protocol, hostAddress, hostPort, containerAddress, containerPort, bridgeAddress } = port
  const version: Version = familyOf(containerAddress) === 'inet' ? 4 : 6
  const every = isUnspecified(hostAddress)
  const key = every ? [protocol, hostPort] : [protocol, hostAddress, hostPort]
  const leads = (every ? layout.dnatAny : layout.dnat)[version]
  const elements = [{ set: leads, elements: [{ key, value: [containerAddress, containerPort] }] }]
  if (bridgeAddress === undefined || !(every || isLoopback(hostAddress))) return elements
  const source = (every ? layout.loopbackAny : layout.loopback)[version]
  return [...elements, { set: source, elements: [{ key, value: bridgeAddress }] }]
}

/** Where a port leads: what is needed to find its connections. */
export type PortMapping = Pick<
  PublishedPort,
  'protocol' | 'hostAddress' | 'hostPort' | 'containerAddress' | 'containerPort'
>

/** Tells one mapping from another. */
export function mappingText(mapping: PortMapping): string {
  const { protocol, hostAddress, hostPort, containerAddress, containerPort } = mapping
  return `${protocol} ${hostAddress} ${hostPort} ${containerAddress} ${containerPort}`
}

/** The mappings that a table holds. */
export function mappingsOf(layout: TableLayout, { sets }: Ruleset): PortMapping[] {
  return sets.flatMap(({ name, elements }) =>
    elements.map((element) => mappingOf(layout, name, element)).filter((mapping) => mapping !== undefined)
  )
}

/** The mapping that an element of one of the maps is; `undefined` for one of another set. */
function mappingOf(layout: TableLayout, set: string, element: SetElement): PortMapping | undefined {
  const { key, value } = element
  if (!Array.isArray(key) || !Array.isArray(value)) return undefined
  const parts = key as readonly (string | number)[]
  const protocol = portProtocols.find((name) => name === parts[0])
  if (protocol === undefined) return undefined
  const [containerAddress, containerPort] = value as [string, number]
  const rest = { protocol, containerAddress, containerPort }
  for (const version of [4, 6] as const) {
    if (set === layout.dnat[version].name) {
      return { ...rest, hostAddress: parts[1] as string, hostPort: parts[2] as number }
    }
    if (set === layout.dnatAny[version].name) {
      return { ...rest, hostAddress: version === 4 ? '0.0.0.0' : '::', hostPort: parts[1] as number }
    }
  }
  return undefined
}
