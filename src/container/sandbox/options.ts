import { invalidType, invalidValue, refuseOtherKeys, requireObject, within } from '../../codec/index.js'
import { checkBoolean } from '../../namespace/options.js'
import { sysctlPath } from '../../namespace/sysctl-key.js'
import { checkDnsOptions, checkHostname, parseExtraHost } from '../dns/index.js'
import type { SandboxOptions } from '../model/sandbox.js'
import { checkStringMap } from '../model/string-map.js'
import { checkName } from '../state/index.js'

const keys: readonly (keyof SandboxOptions)[] = [
  'name',
  'hostname',
  'domainName',
  'namespace',
  'hostNamespace',
  'dns',
  'extraHosts',
  'sysctls',
  'labels'
]

/** Refuses options of a sandbox that can't be right, apart from `namespace`: that shows when it is opened. */
export function checkSandboxOptions(options: unknown): asserts options is SandboxOptions {
  requireObject(options, 'an object such as { name: "web" }')
  refuseOtherKeys(options, keys)
  const given = options as Partial<Record<keyof SandboxOptions, unknown>>
  if (given.name !== undefined) within('name', () => checkName(given.name))
  for (const key of ['hostname', 'domainName'] as const) {
    if (given[key] !== undefined) within(key, () => checkHostname(given[key]))
  }
  if (given.dns !== undefined) within('dns', () => checkDnsOptions(given.dns))
  if (given.extraHosts !== undefined) within('extraHosts', () => checkExtraHosts(given.extraHosts))
  checkBoolean(given.hostNamespace, 'hostNamespace')
  checkStringMap(given.labels, 'labels')
  checkStringMap(given.sysctls, 'sysctls')
  within('sysctls', () => Object.keys(given.sysctls ?? {}).forEach((key) => sysctlPath(key, key)))
  if (given.hostNamespace === true) refuseOfHost(options)
}

/** The host's own namespace is not to be changed for a sandbox. */
function refuseOfHost({ namespace, sysctls = {} }: SandboxOptions): void {
  if (namespace !== undefined)
    within('namespace', () => invalidValue(namespace, 'absent: hostNamespace is true'))
  const [key] = Object.keys(sysctls)
  if (key === undefined) return
  within('sysctls', () =>
    within(key, () => invalidValue(sysctls[key], 'absent: the namespace is that of the host'))
  )
}

function checkExtraHosts(value: unknown): void {
  if (!Array.isArray(value)) invalidType(value, 'an array such as ["db:10.0.0.5"]')
  for (const [index, text] of (value as string[]).entries()) within(index, () => void parseExtraHost(text))
}
