import { Writer, invalidType, isInvalid, within } from '../../../codec/index.js'
import type { AttributeLocator, Operation, RequestDescription } from '../../../netlink/index.js'
import { isConcatenated } from '../datatype/concatenation.js'
import type { NftFamily } from '../family.js'
import { nftType } from '../message.js'
import type { NftMessage } from '../message.js'
import { explanations } from '../operation.js'
import { writeElement } from './element.js'
import type { ElementKey, ElementSpec } from './element.js'
import type { SetLayout } from './layout.js'
import { elementListMessage } from './schema.js'

/** An attribute tells its length in 16 bits: a list of elements ends before that. */
const mostBytes = 0xf000

const NFTA_SET_ELEM_LIST_ELEMENTS = 3 | 0x8000

/** The set that elements belong to. */
export interface ElementListSet {
  readonly family: NftFamily
  readonly table: string
  readonly set: string
  readonly setId?: number | undefined
}

const scratch = new Writer(mostBytes + 4096)
const explain = explanations('element', {
  ENOENT: 'there is no such set, or no such element',
  EEXIST: 'the element is there already, or overlaps with another',
  ENFILE: 'the set is full'
})

/** The messages that add or delete elements: as many as it takes. */
export function elementOperations(
  request: RequestDescription,
  message: NftMessage,
  flags: number,
  set: ElementListSet,
  layout: SetLayout,
  elements: Iterable<ElementSpec | ElementKey>,
  /** The path of what holds the elements, where that is not the verb's input itself. */
  place?: string
): Operation<unknown>[] {
  if (typeof (elements as Partial<Iterable<unknown>> | undefined)?.[Symbol.iterator] !== 'function') {
    within('elements', () => invalidType(elements, 'an array of elements'))
  }
  const operations: Operation<unknown>[] = []
  const type = nftType(message)
  const pairs = layout.interval && !isConcatenated(layout.key)
  let first = 0
  let origins: number[] = []
  let index = 0
  const finish = (): void => {
    const bytes = scratch.bytes.slice(0, scratch.position)
    scratch.truncate(0)
    operations.push({
      request,
      syscall: message,
      type,
      flags,
      schema: locatorOf(first, pairs ? origins : undefined, place),
      explain,
      write(writer) {
        elementListMessage.write(writer, set)
        const start = writer.beginAttribute(NFTA_SET_ELEM_LIST_ELEMENTS)
        writer.raw(bytes)
        writer.endAttribute(start)
      }
    })
    first = index
    origins = []
  }
  scratch.truncate(0)
  try {
    for (const element of elements) {
      const parts = writeElement(scratch, layout, element)
      if (pairs) for (let i = 0; i < parts; i++) origins.push(index)
      index++
      if (scratch.position > mostBytes) finish()
    }
  } catch (error) {
    throw isInvalid(error) ? error.within(index).within(place ?? 'elements') : error
  }
  if (scratch.position > 0) finish()
  return operations
}

/** Names the elements in errors by their place in what was given. */
function locatorOf(
  first: number,
  origins: readonly number[] | undefined,
  place = 'elements'
): AttributeLocator {
  return {
    headerSize: elementListMessage.headerSize,
    keyOf: (number) => elementListMessage.keyOf(number),
    locate(bytes, offset, length, wanted) {
      const path = elementListMessage.locate(bytes, offset, length, wanted)
      return path?.replace(/^elements\[(\d+)\]/, (_, digits: string) => {
        const index = Number(digits)
        return `${place}[${origins === undefined ? first + index : (origins[index] ?? index)}]`
      })
    }
  }
}
