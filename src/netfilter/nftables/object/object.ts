import { InvalidType, Writer, invalidType, invalidValue, within } from '../../../codec/index.js'
import type { InputOf, OutputOf, RecordType, Fields } from '../../../codec/index.js'
import { readComment, writeComment } from '../comment.js'
import type { Commented } from '../comment.js'
import type { NftFamily } from '../family.js'
import type { UserdataAttribute } from '../userdata.js'
import { objectData } from './schema.js'
import type { ObjectMessage, ObjectMessageInput } from './schema.js'
import { objectType } from './type.js'

type Schemas = typeof objectData

/** The kinds of stateful objects that netloom knows. */
export type StatefulObjectKind = keyof Schemas

/** An object's name: it is unique among those of its kind. */
export interface ObjectRef {
  readonly family: NftFamily
  readonly table: string
  readonly name: string
  readonly kind: StatefulObjectKind | 'tunnel'
}

interface ObjectPlace extends Commented {
  readonly family: NftFamily
  readonly table: string
  readonly name: string
}

/** The nest of a kind: required if something in it is. */
type Nest<K extends StatefulObjectKind> =
  object extends InputOf<Schemas[K]>
    ? { readonly [P in K]?: Readonly<InputOf<Schemas[K]>> | undefined }
    : { readonly [P in K]: Readonly<InputOf<Schemas[K]>> }

/** A stateful object to make: what belongs to a kind nests under its name. */
export type ObjectSpec =
  | { [K in StatefulObjectKind]: ObjectPlace & { readonly kind: K } & Nest<K> }[StatefulObjectKind]
  | (ObjectPlace & { readonly kind: 'unknown'; readonly type: number; readonly data: Uint8Array })

interface ObjectState {
  readonly family: NftFamily
  readonly table: string
  readonly name: string
  readonly handle: number
  readonly use: number
  readonly comment?: string
  readonly userdata?: UserdataAttribute[]
}

/** A stateful object, as the kernel has it. */
export type StatefulObject =
  | {
      [K in StatefulObjectKind]: ObjectState & { readonly kind: K } & {
        readonly [P in K]: Readonly<OutputOf<Schemas[K]>>
      }
    }[StatefulObjectKind]
  | (ObjectState & { readonly kind: 'unknown'; readonly type: number; readonly data: Uint8Array })

const kinds = Object.keys(objectData)

function schemaOf(kind: string): RecordType<Fields> | undefined {
  return Object.hasOwn(objectData, kind) ? objectData[kind as StatefulObjectKind] : undefined
}

/** The message that makes an object. */
export function objectInput(object: ObjectSpec | StatefulObject): ObjectMessageInput {
  const { family, table, name, kind } = object
  const place = { family, table, name, userdata: writeComment(object) }
  if (kind === 'unknown') {
    const { type, data } = object
    if (!(data instanceof Uint8Array)) throw new InvalidType(data, 'a Uint8Array').within('data')
    return { ...place, type, data }
  }
  const schema = schemaOf(kind)
  if (schema === undefined) within('kind', () => invalidValue(kind, `one of ${kinds.join(', ')}`))
  const writer = new Writer(128)
  const given = (object as unknown as Readonly<Record<string, unknown>>)[kind]
  within(kind, () => schema!.write(writer, (given ?? {}) as never))
  return { ...place, type: kind, data: writer.written() }
}

/** The message that names an object. */
export function objectRefInput({ family, table, name, kind }: ObjectRef): ObjectMessageInput {
  if (typeof kind !== 'string') within('kind', () => invalidType(kind, `one of ${kinds.join(', ')}`))
  return { family, table, name, type: within('kind', () => objectType.numberOf(kind)) }
}

export function readObject(message: ObjectMessage): StatefulObject {
  const { family, table, name, handle, use, type, data = new Uint8Array() } = message
  const state = {
    family: family as NftFamily,
    table: table!,
    name: name!,
    handle: handle ?? 0,
    use: use ?? 0,
    ...readComment(message.userdata)
  }
  const schema = typeof type === 'string' ? schemaOf(type) : undefined
  if (schema === undefined) {
    return { ...state, kind: 'unknown', type: objectType.numberOf(type ?? 0), data }
  }
  return {
    ...state,
    kind: type,
    [type as string]: schema.read(data, 0, data.length)
  } as unknown as StatefulObject
}

export { kinds as objectKinds }
