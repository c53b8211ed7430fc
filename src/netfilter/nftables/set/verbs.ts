import { NLM_F_CREATE, NLM_F_EXCL } from '../../../netlink/index.js'
import type { Operation } from '../../../netlink/index.js'
import type { NftFamily } from '../family.js'
import { checkKeys } from '../keys.js'
import { explanations, nftOperation, reader } from '../operation.js'
import { anonymousName } from '../rule/builder.js'
import { step } from '../scope.js'
import type { SetPlace, Step, TransactionScope } from '../scope.js'
import type { ElementKey, ElementSpec } from './element.js'
import { elementOperations } from './element-list.js'
import type { SetLayout } from './layout.js'
import { elementListMessage, setMessage } from './schema.js'
import { layoutOf, readSet, setInput } from './set.js'
import type { NftSet, SetSpec } from './set.js'

/** A set's name. */
export interface SetRef {
  readonly family: NftFamily
  readonly table: string
  readonly name: string
}

/** The set that elements are in; of what types they are is looked up unless it is known. */
export type ElementSet = SetRef | SetSpec | NftSet

const readNew = reader('NFT_MSG_NEWSET', setMessage, readSet)
const explain = explanations('set', { EOPNOTSUPP: 'the kernel has no such kind of set' })

const specKeys = [
  ...['family', 'table', 'name', 'key', 'value', 'object', 'interval', 'constant', 'dynamic', 'timeout'],
  ...['gcInterval', 'size', 'policy', 'autoMerge', 'expressions', 'comment', 'userdata'],
  ...['keyType', 'keyLength', 'valueType', 'valueLength', 'handle', 'flags', 'anonymous']
]

function make(scope: TransactionScope, method: string, spec: SetSpec | NftSet, flags: number): Step {
  checkKeys(spec, specKeys, 'a set')
  const request = { method, input: spec }
  const id = scope.nextId()
  const layout = layoutOf(spec)
  const anonymous = 'anonymous' in spec && spec.anonymous === true
  const operation = nftOperation({
    request,
    message: 'NFT_MSG_NEWSET',
    flags,
    schema: setMessage,
    // The kernel numbers those that belong to a rule.
    input: anonymous ? { ...setInput(spec, id, true), name: anonymousName(layout) } : setInput(spec, id),
    read: readNew,
    explain
  })
  const { family, table, name } = spec
  const known = {
    id,
    layout,
    interval: layout.interval,
    ...(anonymous ? { name: anonymousName(layout) } : {})
  }
  scope.rememberSet({ family, table, set: name }, known)
  return step(request, operation)
}

/** Makes a set as it was read, be it one of a rule's own. */
export function restoreSet(scope: TransactionScope, set: NftSet): Step {
  return make(scope, 'sets.add', set, NLM_F_CREATE)
}

function refOf({ family, table, name }: SetRef): SetRef {
  return { family, table, name }
}

/** What a transaction can do with sets and maps. */
export const setVerbs = {
  /** Makes a set or a map; nothing happens if it is there already. */
  add: (scope: TransactionScope, set: SetSpec | NftSet): Step => make(scope, 'sets.add', set, NLM_F_CREATE),

  /** Makes a set or a map; `EEXIST` if it is there already. */
  create: (scope: TransactionScope, set: SetSpec | NftSet): Step =>
    make(scope, 'sets.create', set, NLM_F_CREATE | NLM_F_EXCL),

  /** Deletes a set; `EBUSY` while a rule uses it. */
  delete(_scope: TransactionScope, set: SetRef): Step {
    const request = { method: 'sets.delete', input: refOf(set) }
    return step(
      request,
      nftOperation({
        request,
        message: 'NFT_MSG_DELSET',
        flags: 0,
        schema: setMessage,
        input: refOf(set),
        explain
      })
    )
  }
} as const

/** A step for the elements of a set, at once if its types are known. */
function change(
  scope: TransactionScope,
  method: string,
  set: ElementSet,
  elements: Iterable<ElementSpec | ElementKey>,
  make: (list: SetPlace & { setId?: number }, layout: SetLayout) => readonly Operation<unknown>[]
): Step {
  const place: SetPlace = { family: set.family, table: set.table, set: set.name }
  const count = Array.isArray(elements) ? elements.length : undefined
  const request = { method, input: { ...place, ...(count === undefined ? {} : { elements: count }) } }
  const known = scope.knownSet(place)
  if (known !== undefined) {
    return {
      request,
      operations: make({ ...place, set: known.name ?? place.set, setId: known.id }, known.layout)
    }
  }
  if ('key' in set || 'keyLength' in set) return { request, operations: make(place, layoutOf(set)) }
  return { request, operations: undefined, deferred: { set: place, finish: (layout) => make(place, layout) } }
}

/** What a transaction can do with the elements of sets and maps. */
export const elementVerbs = {
  /** Adds elements; those that are there already stay as they are. */
  add(scope: TransactionScope, set: ElementSet, elements: Iterable<ElementSpec | ElementKey>): Step {
    const request = { method: 'elements.add', input: refOf(set) }
    return change(scope, request.method, set, elements, (list, layout) =>
      elementOperations(request, 'NFT_MSG_NEWSETELEM', NLM_F_CREATE, list, layout, elements)
    )
  },

  /** Adds elements; `EEXIST` if one is there already. */
  create(scope: TransactionScope, set: ElementSet, elements: Iterable<ElementSpec | ElementKey>): Step {
    const request = { method: 'elements.create', input: refOf(set) }
    const flags = NLM_F_CREATE | NLM_F_EXCL
    return change(scope, request.method, set, elements, (list, layout) =>
      elementOperations(request, 'NFT_MSG_NEWSETELEM', flags, list, layout, elements)
    )
  },

  /** Deletes elements by their keys; `ENOENT` if one isn't there. */
  delete(scope: TransactionScope, set: ElementSet, elements: Iterable<ElementSpec | ElementKey>): Step {
    const request = { method: 'elements.delete', input: refOf(set) }
    return change(scope, request.method, set, elements, (list, layout) =>
      elementOperations(request, 'NFT_MSG_DELSETELEM', 0, list, keysOnly(layout), elements)
    )
  },

  /** Deletes every element of a set. */
  flush(_scope: TransactionScope, set: SetRef): Step {
    const request = { method: 'elements.flush', input: refOf(set) }
    return step(
      request,
      nftOperation({
        request,
        message: 'NFT_MSG_DELSETELEM',
        flags: 0,
        schema: elementListMessage,
        input: { family: set.family, table: set.table, set: set.name },
        explain
      })
    )
  }
} as const

/** To delete from a map, a key is enough. */
const keysOnly = (layout: SetLayout): SetLayout => ({ ...layout, value: undefined })
