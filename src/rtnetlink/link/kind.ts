import { record } from '../../codec/index.js'
import type { Fields, RecordInput, RecordOutput, RecordType } from '../../codec/index.js'
import { changeable } from './fixed.js'
import type { ChangeInput } from './fixed.js'

/** What a file of `kinds/` declares. */
export interface KindOptions {
  /** As the kernel spells it (`IFLA_INFO_KIND`); the kind's own properties nest under it. */
  readonly name: string
  /** `IFLA_INFO_DATA`; a kind without has nothing to set. */
  readonly data?: Fields
  /** Refuses combinations of `data` that no single field can judge. */
  readonly check?: (data: Readonly<Record<string, unknown>>) => void
  /** What a port of such a link has (`IFLA_INFO_SLAVE_DATA`): nests under `NAMEPort`. */
  readonly port?: Fields
  /** A paired kind: the attribute of `IFLA_INFO_DATA` that holds the other end's message. */
  readonly peer?: number
  /** It sits on another link, which must be given as `link`. */
  readonly needsLink?: true
  /** Made by ioctl on a device file, not by netlink. */
  readonly madeByIoctl?: true
}

/** A kind of link: all that is known of it, and how it lies on the wire. */
export interface LinkKind<O extends KindOptions = KindOptions> {
  readonly name: O['name']
  readonly options: O
  /** For creation and reading. */
  readonly data: RecordType<Fields> | undefined
  /** For changes: nothing is required. */
  readonly change: RecordType<Fields> | undefined
  readonly portName: `${O['name']}Port`
  readonly port: RecordType<Fields> | undefined
}

/**
 * Declares a kind of link. The types of specs, links and changes follow from it, the codec, and the paths of
 * attributes in errors.
 */
export function defineKind<const O extends KindOptions>(options: O): LinkKind<O> {
  const { name, data, port, check } = options
  const what = `the settings of a ${name}`
  const checks = check === undefined ? {} : { check }
  return {
    name,
    options,
    data: data && record(data, { what, ...checks }),
    change: data && record(changeable(data), { what, ...checks }),
    portName: `${name}Port`,
    port: port && record(port, { what: `the settings of a port of a ${name}` })
  }
}

type DataOf<O> = O extends { readonly data: infer F extends Fields } ? F : never
type PortOf<O> = O extends { readonly port: infer F extends Fields } ? F : never
type Optional<Key extends string, T> = { readonly [K in Key]?: T | undefined }

/** The nest of a kind in a spec: required if something in it is. */
type SpecNest<O extends KindOptions> = [DataOf<O>] extends [never]
  ? unknown
  : object extends RecordInput<DataOf<O>>
    ? Optional<O['name'], Readonly<RecordInput<DataOf<O>>>>
    : { readonly [K in O['name']]: Readonly<RecordInput<DataOf<O>>> }

/** What a spec of one kind has beside what all have. */
export type KindSpec<O extends KindOptions, Peer, Link> = { readonly kind: O['name'] } & SpecNest<O> &
  (O extends { readonly peer: number } ? Optional<'peer', Peer> : unknown) &
  (O extends { readonly needsLink: true } ? { readonly link: Link } : unknown)

/** What a link of one kind has beside what all have. */
export type KindLink<O extends KindOptions> = { readonly kind: O['name'] } & ([DataOf<O>] extends [never]
  ? unknown
  : { readonly [K in O['name']]: Readonly<RecordOutput<DataOf<O>>> })

type WithName<O extends KindOptions, Name> = Extract<O, { readonly name: Name }>

/** The names of the kinds that have something to change. */
type Changeable<O extends KindOptions> = O extends { readonly madeByIoctl: true }
  ? never
  : O extends { readonly data: Fields }
    ? O['name']
    : never

/** The nests of a change: one at most, which says what kind the link is. */
export type KindChange<O extends KindOptions, Names extends string = Changeable<O>> =
  | { readonly [K in Names]?: undefined }
  | {
      [Name in Names]: { readonly [K in Name]: Readonly<ChangeInput<DataOf<WithName<O, Name>>>> } & {
        readonly [K in Exclude<Names, Name>]?: undefined
      }
    }[Names]

/** The nests of the settings of ports, by the kind of the master. */
export type PortSpecs<O extends KindOptions> = {
  readonly [P in O as P extends { readonly port: Fields } ? `${P['name']}Port` : never]?:
    Readonly<RecordInput<PortOf<P>>> | undefined
}

/** What they read as. */
export type PortLinks<O extends KindOptions> = {
  readonly [P in O as P extends { readonly port: Fields } ? `${P['name']}Port` : never]?: Readonly<
    RecordOutput<PortOf<P>>
  >
}
