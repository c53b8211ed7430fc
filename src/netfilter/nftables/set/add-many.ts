import { InvalidType } from '../../../codec/index.js'
import { NLM_F_CREATE, Pacer } from '../../../netlink/index.js'
import type { CallOptions } from '../../../netlink/index.js'
import { commitSteps } from '../commit.js'
import type { OpenConnection } from '../../netfilter-connection.js'
import { StepWriter } from '../step-writer.js'
import type { ElementKey, ElementSpec } from './element.js'
import { elementOperations } from './element-list.js'
import { findSet } from './find.js'
import { layoutOf } from './set.js'
import type { ElementSet } from './verbs.js'

export interface AddManyOptions extends CallOptions {
  /** Called after each transaction. What it throws ends the work. */
  readonly onProgress?: ((progress: { readonly done: number }) => void) | undefined
}

/** Elements of one transaction: more are hardly faster. */
const chunk = 20_000

/**
 * Adds elements in as many transactions as it takes, and takes them from `elements` only as they are sent. Gives how many
 * there were. Where one can't be right, or is refused, those of earlier transactions stay.
 */
export async function addManyElements(
  open: OpenConnection,
  set: ElementSet,
  elements: Iterable<ElementSpec | ElementKey> | AsyncIterable<ElementSpec | ElementKey>,
  options: AddManyOptions
): Promise<number> {
  const { onProgress, ...callOptions } = options
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new InvalidType(onProgress, 'a function').within('onProgress')
  }
  const connection = await open()
  const call = connection.settings(callOptions)
  const { family, table, name } = set
  const place = { family, table, set: name }
  const known = 'key' in set || 'keyLength' in set ? set : await connection.run(findSet(place), call)
  const layout = layoutOf(known)
  const request = { method: 'elements.addMany', input: { family, table, name } }
  const pacer = new Pacer()
  let done = 0
  let waiting: (ElementSpec | ElementKey)[] = []
  const send = async (): Promise<void> => {
    const steps = new StepWriter()
    const message = 'NFT_MSG_NEWSETELEM'
    // One step: where it is too large for a datagram it is split between its messages.
    steps.add({
      request,
      operations: elementOperations(request, message, NLM_F_CREATE, place, layout, waiting)
    })
    await commitSteps(open, steps, { ...call, atomic: false })
    done += waiting.length
    waiting = []
    onProgress?.({ done })
  }
  for await (const element of elements) {
    waiting.push(element)
    if (waiting.length >= chunk) await send()
    else if (pacer.due()) await pacer.turn()
  }
  if (waiting.length > 0) await send()
  return done
}
