import type { CallOptions, Message } from '../../netlink/index.js'
import { readChain } from './chain/chain.js'
import type { Chain } from './chain/chain.js'
import { chainMessage } from './chain/schema.js'
import type { NetfilterConnection } from '../netfilter-connection.js'
import type { NftFamily } from './family.js'
import { readFlowtable } from './flowtable/flowtable.js'
import type { Flowtable } from './flowtable/flowtable.js'
import { flowtableMessage } from './flowtable/schema.js'
import { readGeneration } from './generation.js'
import type { Generation } from './generation.js'
import { NftListener } from './listener.js'
import type { NftMonitorOptions } from './listener.js'
import { nftType } from './message.js'
import type { NftMessage } from './message.js'
import { readObject } from './object/object.js'
import type { StatefulObject } from './object/object.js'
import { objectMessage } from './object/schema.js'
import { reader } from './operation.js'
import { readRule } from './rule/rule.js'
import type { Rule } from './rule/rule.js'
import { ruleMessage } from './rule/schema.js'
import type { Ruleset } from './ruleset.js'
import type { SetElement } from './set/element.js'
import { findSet } from './set/find.js'
import { opaque } from './set/layout.js'
import type { SetLayout } from './set/layout.js'
import { readElements } from './set/read-elements.js'
import { elementListMessage, setMessage } from './set/schema.js'
import type { ElementAttributes } from './set/schema.js'
import { layoutOf, readSet } from './set/set.js'
import type { NftSet } from './set/set.js'
import { readTable } from './table/table.js'
import type { Table } from './table/table.js'
import { tableMessage } from './table/schema.js'

/** Elements that came to a set, or left it. */
export interface ElementChange {
  readonly family: NftFamily
  readonly table: string
  readonly set: string
  readonly elements: SetElement[]
}

/** What can change, and what its events carry. */
export interface NftObjects {
  table: Table
  chain: Chain
  rule: Rule
  set: NftSet
  elements: ElementChange
  object: StatefulObject
  flowtable: Flowtable
}

/** One change, discriminated on `object`. */
export type NftEvent =
  | {
      [K in keyof NftObjects]: {
        readonly object: K
        /** `'new'` is an object that appeared or changed; `'delete'` one that is gone. */
        readonly change: 'new' | 'delete'
        readonly value: NftObjects[K]
      }
    }[keyof NftObjects]
  /** All changes of a transaction have been told. */
  | { readonly object: 'generation'; readonly change: 'new'; readonly value: Generation }
  /** The kernel dropped events: the whole rule set as it is now. */
  | { readonly object: 'ruleset'; readonly change: 'resync'; readonly value: Ruleset }

/** The changes of a rule set. */
export type NftMonitor = NftListener<NftEvent>

/** `NFNLGRP_NFTABLES`, linux/netfilter/nfnetlink.h */
const NFNLGRP_NFTABLES = 7

type Read = (message: Message) => object | undefined

const watched: Readonly<Record<Exclude<keyof NftObjects, 'elements'>, readonly [Read, Read]>> = {
  table: both('NFT_MSG_NEWTABLE', 'NFT_MSG_DELTABLE', (type) => reader(type, tableMessage, readTable)),
  chain: both('NFT_MSG_NEWCHAIN', 'NFT_MSG_DELCHAIN', (type) => reader(type, chainMessage, readChain)),
  rule: both('NFT_MSG_NEWRULE', 'NFT_MSG_DELRULE', (type) => reader(type, ruleMessage, readRule)),
  set: both('NFT_MSG_NEWSET', 'NFT_MSG_DELSET', (type) => reader(type, setMessage, readSet)),
  object: both('NFT_MSG_NEWOBJ', 'NFT_MSG_DELOBJ', (type) => reader(type, objectMessage, readObject)),
  flowtable: both('NFT_MSG_NEWFLOWTABLE', 'NFT_MSG_DELFLOWTABLE', (type) =>
    reader(type, flowtableMessage, readFlowtable)
  )
}

function both(
  added: NftMessage,
  deleted: NftMessage,
  make: (type: NftMessage) => Read
): readonly [Read, Read] {
  return [make(added), make(deleted)]
}

const newElements = nftType('NFT_MSG_NEWSETELEM')
const deletedElements = nftType('NFT_MSG_DELSETELEM')

/** Follows the changes of a rule set; `reread` gives all of it, for when some were lost. */
export function nftMonitor(
  netfilter: NetfilterConnection,
  reread: (options: CallOptions) => Promise<Ruleset>,
  options: NftMonitorOptions
): NftMonitor {
  const changes = new ElementChanges(netfilter)
  return new NftListener<NftEvent>(
    netfilter,
    {
      group: NFNLGRP_NFTABLES,
      async lost() {
        changes.clear()
        return { object: 'ruleset', change: 'resync', value: await reread({}) }
      },
      async event(message) {
        if (message.type === newElements) return changes.gather(message, 'new')
        if (message.type === deletedElements) return changes.gather(message, 'delete')
        const before = await changes.flush()
        const event = readEvent(message)
        if (event?.object === 'set') changes.note(event.value, event.change === 'new')
        return event === undefined ? before : [...before, event]
      }
    },
    options
  )
}

function readEvent(message: Message): NftEvent | undefined {
  for (const [object, [added, deleted]] of Object.entries(watched)) {
    const made = added(message)
    const value = made ?? deleted(message)
    if (value !== undefined) {
      return { object, change: made === undefined ? 'delete' : 'new', value } as NftEvent
    }
  }
  const generation = readGeneration(message)
  return generation && { object: 'generation', change: 'new', value: generation }
}

interface Gathered {
  readonly family: NftFamily
  readonly table: string
  readonly set: string
  readonly change: 'new' | 'delete'
  readonly elements: ElementAttributes[]
}

/** Joins the elements that a transaction adds to a set: the kernel tells each end of an interval by itself. */
class ElementChanges {
  readonly #netfilter: NetfilterConnection
  readonly #layouts = new Map<string, SetLayout>()
  #gathered: Gathered | undefined

  constructor(netfilter: NetfilterConnection) {
    this.#netfilter = netfilter
  }

  /** Remembers of which types the elements of a set are. */
  note(set: NftSet, made: boolean): void {
    const key = keyOf(set.family, set.table, set.name)
    if (made) this.#layouts.set(key, layoutOf(set))
    else this.#layouts.delete(key)
  }

  clear(): void {
    this.#gathered = undefined
    this.#layouts.clear()
  }

  /** Takes elements; gives what was gathered before, if it is of another set. */
  async gather(message: Message, change: 'new' | 'delete'): Promise<NftEvent[]> {
    const list = elementListMessage.read(message.bytes, message.offset, message.length)
    const { table = '', set = '', elements = [] } = list
    const family = list.family as NftFamily
    const last = this.#gathered
    if (last?.change === change && last.set === set && last.table === table && last.family === family) {
      last.elements.push(...elements)
      return []
    }
    const before = await this.flush()
    this.#gathered = { family, table, set, change, elements }
    return before
  }

  /** Gives what was gathered. */
  async flush(): Promise<NftEvent[]> {
    if (this.#gathered === undefined) return []
    const { family, table, set, change, elements } = this.#gathered
    this.#gathered = undefined
    const layout = await this.#layout(family, table, set)
    // A set that is gone by now leaves the bytes of its elements.
    const found = layout ?? { key: opaque(elements[0]?.key?.value?.length ?? 0), interval: false }
    const value = { family, table, set, elements: readElements(found, elements) }
    return [{ object: 'elements', change, value }]
  }

  async #layout(family: NftFamily, table: string, set: string): Promise<SetLayout | undefined> {
    const key = keyOf(family, table, set)
    const known = this.#layouts.get(key)
    if (known !== undefined) return known
    const layout = await this.#netfilter
      .open()
      .then((connection) => connection.run(findSet({ family, table, set }, 'nftables.monitor')))
      .then(layoutOf, () => undefined)
    if (layout !== undefined) this.#layouts.set(key, layout)
    return layout
  }
}

const keyOf = (family: NftFamily, table: string, set: string): string => `${family}\0${table}\0${set}`
