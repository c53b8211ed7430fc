import { NLM_F_CREATE } from '../../../netlink/index.js'
import type { Operation, RequestDescription } from '../../../netlink/index.js'
import { isConcatenated } from '../datatype/concatenation.js'
import type { NftFamily } from '../family.js'
import { nftOperation } from '../operation.js'
import { anonymousName } from '../rule/builder.js'
import type { AnonymousSet } from '../rule/builder.js'
import { joinUserdata, numberUserdata } from '../userdata.js'
import { elementOperations } from './element-list.js'
import { verdictType } from './layout.js'
import { setMessage } from './schema.js'
import type { SetMessageInput } from './schema.js'

/** The messages that make a set of a rule's own, with its elements. */
export function anonymousSetOperations(
  request: RequestDescription,
  table: { readonly family: NftFamily; readonly table: string },
  { id, origin, layout, elements }: AnonymousSet
): Operation<unknown>[] {
  const name = anonymousName(layout)
  const made = nftOperation({
    request,
    message: 'NFT_MSG_NEWSET',
    flags: NLM_F_CREATE,
    schema: setMessage,
    input: { ...table, name, id, ...describe(layout, elements.length) }
  })
  const list = { ...table, set: name, setId: id }
  return [
    made,
    ...elementOperations(request, 'NFT_MSG_NEWSETELEM', NLM_F_CREATE, list, layout, elements, origin)
  ]
}

function describe(
  { key, value, object, interval }: AnonymousSet['layout'],
  count: number
): Omit<SetMessageInput, 'family' | 'table'> {
  const tuple = isConcatenated(key)
  const byteOrder = (type: typeof key): number =>
    isConcatenated(type) ? 0 : type.byteOrder === 'host' ? 1 : 2
  const isData = value !== undefined && value !== 'object'
  return {
    flags: [
      'anonymous',
      'constant',
      ...(interval ? (['interval'] as const) : []),
      ...(isData ? (['map'] as const) : []),
      ...(value === 'object' ? (['object'] as const) : []),
      ...(interval && tuple ? (['concatenation'] as const) : [])
    ],
    keyType: key.id,
    keyLength: key.size,
    ...(!isData
      ? {}
      : value === 'verdict'
        ? { dataType: verdictType, dataLength: 0 }
        : { dataType: value.id, dataLength: value.size }),
    ...(value === 'object' ? { objectType: object } : {}),
    description: {
      // An interval is up to two elements, and one may lie before the first.
      size: interval && !tuple ? count * 2 + 1 : count,
      ...(interval && tuple ? { fields: key.parts.map(({ size }) => ({ length: size })) } : {})
    },
    userdata: joinUserdata([
      numberUserdata(0, byteOrder(key)),
      ...(isData ? [numberUserdata(1, value === 'verdict' ? 0 : byteOrder(value)), numberUserdata(6, 0)] : [])
    ])
  }
}
