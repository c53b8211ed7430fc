import type { RecordType, Fields, InputOf } from '../../codec/index.js'
import type { DumpRequest } from '../../netlink/index.js'
import { chainMessage } from './chain/schema.js'
import { readChain } from './chain/chain.js'
import type { Chain } from './chain/chain.js'
import type { NftFamily } from './family.js'
import { nftFamily } from './family.js'
import { flowtableMessage } from './flowtable/schema.js'
import { readFlowtable } from './flowtable/flowtable.js'
import type { Flowtable } from './flowtable/flowtable.js'
import { nftType } from './message.js'
import type { NftMessage } from './message.js'
import { objectMessage } from './object/schema.js'
import { readObject } from './object/object.js'
import type { StatefulObject } from './object/object.js'
import { reader } from './operation.js'
import { readRule } from './rule/rule.js'
import type { Rule } from './rule/rule.js'
import { ruleMessage } from './rule/schema.js'
import type { ElementAttributes } from './set/schema.js'
import { elementListMessage, setMessage } from './set/schema.js'
import { readSet } from './set/set.js'
import type { NftSet } from './set/set.js'
import { readTable } from './table/table.js'
import type { Table } from './table/table.js'
import { tableMessage } from './table/schema.js'

/** What to list: objects that have all of these properties. */
export interface NftFilter {
  readonly family?: NftFamily | undefined
  readonly table?: string | undefined
}

interface DumpParts<T> {
  readonly method: string
  readonly get: NftMessage
  readonly schema: RecordType<Fields>
  readonly filter: object & { readonly family?: NftFamily | undefined }
  readonly read: DumpRequest<T>['read']
  /** What narrows the dump in the kernel. */
  readonly input?: object
}

function dump<T>({ method, get, schema, filter, read, input }: DumpParts<T>): DumpRequest<T> {
  return {
    request: { method, input: filter },
    syscall: get,
    type: nftType(get),
    schema,
    emptyOn: ['ENOENT'],
    write(writer) {
      const base = writer.position
      schema.write(writer, { family: filter.family ?? 'inet', table: '', ...input } as InputOf<typeof schema>)
      if (input === undefined) writer.truncate(base + 4)
      writer.bytes[base] = filter.family === undefined ? 0 : nftFamily.numberOf(filter.family)
    },
    read
  }
}

/** Keeps what matches. */
function filtered<T extends object>(read: DumpRequest<T>['read'], filter: object): DumpRequest<T>['read'] {
  const wanted = Object.entries(filter).filter(([, value]) => value !== undefined)
  return (message) => {
    const object = read(message) as (T & Readonly<Record<string, unknown>>) | undefined
    return object !== undefined && wanted.every(([key, value]) => object[key] === value) ? object : undefined
  }
}

export function tableDump(filter: Omit<NftFilter, 'table'>): DumpRequest<Table> {
  const read = filtered(reader('NFT_MSG_NEWTABLE', tableMessage, readTable), filter)
  return {
    ...dump({ method: 'tables.list', get: 'NFT_MSG_GETTABLE', schema: tableMessage, filter, read }),
    write(writer) {
      writer.zeros(4)
      const { family } = filter
      if (family !== undefined) writer.bytes[writer.position - 4] = nftFamily.numberOf(family)
    }
  }
}

export function chainDump(filter: NftFilter): DumpRequest<Chain> {
  const read = filtered(reader('NFT_MSG_NEWCHAIN', chainMessage, readChain), filter)
  return dump({ method: 'chains.list', get: 'NFT_MSG_GETCHAIN', schema: chainMessage, filter, read })
}

/** Which rules to list; the kernel filters. */
export interface RuleFilter extends NftFilter {
  readonly chain?: string | undefined
}

export function ruleDump(filter: RuleFilter): DumpRequest<Rule> {
  const read = filtered(reader('NFT_MSG_NEWRULE', ruleMessage, readRule), filter)
  const { table, chain } = filter
  const narrowed = table === undefined ? {} : { input: { table, chain } }
  return dump({
    method: 'rules.list',
    get: 'NFT_MSG_GETRULE',
    schema: ruleMessage,
    filter,
    read,
    ...narrowed
  })
}

export function setDump(filter: NftFilter): DumpRequest<NftSet> {
  const read = filtered(reader('NFT_MSG_NEWSET', setMessage, readSet), filter)
  return dump({ method: 'sets.list', get: 'NFT_MSG_GETSET', schema: setMessage, filter, read })
}

export function objectDump(filter: NftFilter, reset = false): DumpRequest<StatefulObject> {
  const read = filtered(reader('NFT_MSG_NEWOBJ', objectMessage, readObject), filter)
  return dump({
    method: reset ? 'objects.reset' : 'objects.list',
    get: reset ? 'NFT_MSG_GETOBJ_RESET' : 'NFT_MSG_GETOBJ',
    schema: objectMessage,
    filter,
    read,
    ...(filter.table === undefined ? {} : { input: { table: filter.table } })
  })
}

export function flowtableDump(filter: NftFilter): DumpRequest<Flowtable> {
  const read = filtered(reader('NFT_MSG_NEWFLOWTABLE', flowtableMessage, readFlowtable), filter)
  return dump({
    method: 'flowtables.list',
    get: 'NFT_MSG_GETFLOWTABLE',
    schema: flowtableMessage,
    filter,
    read
  })
}

/** The elements of a set, many in each message. */
export function elementDump(set: {
  readonly family: NftFamily
  readonly table: string
  readonly name: string
}): DumpRequest<ElementAttributes[]> {
  const { family, table, name } = set
  return dump({
    method: 'elements.list',
    get: 'NFT_MSG_GETSETELEM',
    schema: elementListMessage,
    filter: { family },
    read: reader('NFT_MSG_NEWSETELEM', elementListMessage, ({ elements = [] }) => elements),
    input: { table, set: name }
  })
}
