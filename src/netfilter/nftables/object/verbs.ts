import { NLM_F_CREATE, NLM_F_EXCL } from '../../../netlink/index.js'
import { checkKeys } from '../keys.js'
import { explanations, nftOperation, reader } from '../operation.js'
import { step } from '../scope.js'
import type { Step, TransactionScope } from '../scope.js'
import { objectInput, objectKinds, objectRefInput, readObject } from './object.js'
import type { ObjectRef, ObjectSpec, StatefulObject } from './object.js'
import { objectMessage } from './schema.js'

export const readNewObject = reader('NFT_MSG_NEWOBJ', objectMessage, readObject)
const explain = explanations('stateful object', { ENOENT: 'the kernel has no such kind of object' })
const placeKeys = ['family', 'table', 'name', 'kind', 'comment', 'userdata', 'handle', 'use', 'type', 'data']

function make(method: string, object: ObjectSpec | StatefulObject, flags: number): Step {
  checkKeys(object, [...placeKeys, ...objectKinds], 'a stateful object')
  const request = { method, input: object }
  return step(
    request,
    nftOperation({
      request,
      message: 'NFT_MSG_NEWOBJ',
      flags,
      schema: objectMessage,
      input: objectInput(object),
      read: readNewObject,
      explain
    })
  )
}

/** What a transaction can do with stateful objects. */
export const objectVerbs = {
  /** Makes an object; one that is there gets the new limits, where its kind has any. */
  add: (_scope: TransactionScope, object: ObjectSpec | StatefulObject): Step =>
    make('objects.add', object, NLM_F_CREATE),

  /** Makes an object; `EEXIST` if it is there already. */
  create: (_scope: TransactionScope, object: ObjectSpec | StatefulObject): Step =>
    make('objects.create', object, NLM_F_CREATE | NLM_F_EXCL),

  /** Deletes an object; `EBUSY` while a rule or an element uses it. */
  delete(_scope: TransactionScope, object: ObjectRef): Step {
    const { family, table, name, kind } = object
    const request = { method: 'objects.delete', input: { family, table, name, kind } }
    return step(
      request,
      nftOperation({
        request,
        message: 'NFT_MSG_DELOBJ',
        flags: 0,
        schema: objectMessage,
        input: objectRefInput(object),
        explain: explanations('stateful object')
      })
    )
  }
} as const
