import { InvalidType, alternativeName, invalidType, invalidValue, within, Writer } from '../../codec/index.js'
import type { IndexOf, NetlinkConnection } from '../../netlink/index.js'
import { refuseFixed } from './fixed.js'
import { kindNamed, kindNames, kindsWithPorts } from './kind-named.js'
import type { LinkKind } from './kind.js'
import { writeLinkInfo } from './link-info.js'
import type { LinkInfoInput } from './link-info.js'
import { addressGenerationMode } from './names.js'
import { namespaceAttributes } from './namespace-target.js'
import type { NamespaceTarget } from './namespace-target.js'
import { resolvable } from './reference.js'
import type { Resolvable } from './reference.js'
import { linkFields, linkMessage } from './schema.js'
import type { LinkMessageInput } from './schema.js'

/** A link as a spec or a change gives it, before its parts are told apart. */
export type Given = Readonly<Record<string, unknown>>

/** The settings of a kind, or of a port of one. */
export interface Nest {
  readonly kind: LinkKind
  readonly data: Resolvable<object> | undefined
}

/** What a spec or a change comes to, checked and told apart. */
export interface LinkParts {
  /** What lies in the message itself. */
  readonly fields: Given
  readonly alternativeNames: readonly string[] | undefined
  readonly namespace: NamespaceTarget | undefined
  readonly nest: Nest | undefined
  readonly port: Nest | undefined
}

const portNames = kindsWithPorts.map((kind) => kind.portName)
/** What lies in the message itself. */
const fieldKeys: ReadonlySet<string> = new Set([
  ...Object.entries(linkFields)
    .filter(([, field]) => 'write' in field)
    .map(([key]) => key),
  'addressGenerationMode'
])
const commonKeys: ReadonlySet<string> = new Set([...fieldKeys, 'alternativeNames', 'namespace'])

/** Checks a spec or a change as far as that needs no kernel, and tells its parts apart. */
export function linkParts(
  given: unknown,
  connection: NetlinkConnection | undefined,
  own: readonly string[],
  kindOf: (given: Given, nests: readonly string[]) => LinkKind | undefined
): LinkParts {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    invalidType(given, 'an object that describes a link')
  const source = given as Given
  const nests = kindNames.filter((name) => source[name] !== undefined)
  const kind = kindOf(source, nests)
  for (const name of nests) {
    if (name !== kind?.name) refuse(source, name, `absent where the kind is ${kind?.name ?? 'another'}`)
    if (kind.data === undefined) refuse(source, name, `absent: a ${name} has no settings of its own`)
  }
  const ports = portNames.filter((name) => source[name] !== undefined)
  if (ports.length > 1) refuse(source, ports[1]!, `absent where ${ports[0]!} is given`)
  for (const key of Object.keys(source)) {
    if (source[key] === undefined || commonKeys.has(key)) continue
    const others = [...own, ...nests, ...ports]
    if (!others.includes(key)) {
      const known = [...commonKeys, ...others, ...portNames].join(', ')
      refuse(source, key, `no key of a link; its keys are ${known}`)
    }
  }
  const { alternativeNames, namespace, addressGenerationMode: mode } = source
  checkNames(alternativeNames)
  if (mode !== undefined)
    within('addressGenerationMode', () => addressGenerationMode.numberOf(mode as string & {} as 'none'))
  namespaceAttributes(namespace as NamespaceTarget | undefined)
  const portKind = kindsWithPorts.find((candidate) => candidate.portName === ports[0])
  return {
    fields: pick(source, (key) => fieldKeys.has(key)),
    alternativeNames: alternativeNames as readonly string[] | undefined,
    namespace: namespace as NamespaceTarget | undefined,
    nest: kind && nestOf(kind, kind.name, kind.data?.fields, source, connection),
    port: portKind && nestOf(portKind, portKind.portName, portKind.port!.fields, source, connection)
  }
}

function nestOf(
  kind: LinkKind,
  name: string,
  fields: Parameters<typeof resolvable>[0] | undefined,
  source: Given,
  connection: NetlinkConnection | undefined
): Nest {
  const data = source[name]
  if (fields === undefined || data === undefined) return { kind, data: undefined }
  return within(name, () => {
    if (typeof data !== 'object' || data === null) invalidType(data, kind.data?.expected ?? 'an object')
    return { kind, data: resolvable(fields, data, connection) }
  })
}

/** What one message says of a link. */
export interface LinkMessageParts {
  readonly fields: Given
  readonly namespace?: NamespaceTarget | undefined
  readonly info?: LinkInfoInput | undefined
}

/** Appends the message that says it. */
export function writeLink(writer: Writer, parts: LinkMessageParts): void {
  const { addressGenerationMode: mode, ...fields } = parts.fields
  linkMessage.write(writer, {
    ...(fields as LinkMessageInput),
    ...(mode === undefined ? {} : { familySettings: { inet6: { addressGenerationMode: mode as 'none' } } }),
    ...namespaceAttributes(parts.namespace)
  })
  if (parts.info !== undefined) writeLinkInfo(writer, parts.info)
}

/** What `IFLA_LINKINFO` says of a port, once the links that it names are known. */
export function portInfo(port: Nest | undefined, indexOf: IndexOf): LinkInfoInput {
  return port === undefined ? {} : { portKind: port.kind, portData: port.data?.resolve(indexOf) }
}

const scratch = new Writer(256)

/** Writes and forgets: what can't be encoded is refused before anything is sent. */
export function checkEncodes(write: (writer: Writer) => void): void {
  scratch.position = 0
  try {
    write(scratch)
  } finally {
    scratch.truncate(0)
  }
}

export function checkNames(names: unknown): void {
  if (names === undefined) return
  within('alternativeNames', () => {
    if (!Array.isArray(names)) invalidType(names, 'an array of names')
    names.forEach((name, i) => {
      within(i, () => checkEncodes((writer) => alternativeName.write(writer, name as string)))
      if (names.indexOf(name) !== i) within(i, () => invalidValue(name, 'a name that is given once'))
    })
  })
}

/** The part of an object whose keys are wanted, without what is `undefined`. */
export function pick(source: Given, wanted: (key: string) => boolean): Given {
  const picked: Record<string, unknown> = {}
  for (const key of Object.keys(source)) {
    const value = source[key]
    if (value !== undefined && wanted(key)) picked[key] = value
  }
  return picked
}

export function refuse(source: Given, key: string, expected: string): never {
  throw new InvalidType(source[key], expected, 'ERR_UNKNOWN_FIELD').within(key)
}

/** The kind of a change is the one whose nest it has. */
export function changedKind(given: Given, nests: readonly string[]): LinkKind | undefined {
  refuseFixed(linkFields, given)
  const kind = kindNamed(nests[0])
  if (kind?.options.madeByIoctl === true)
    refuse(given, kind.name, 'absent: it is fixed when the link is made')
  const data = kind === undefined ? undefined : given[kind.name]
  if (typeof data === 'object' && data !== null)
    within(kind!.name, () => refuseFixed(kind!.data!.fields, data))
  return kind
}
