import { NLM_F_ECHO } from '../../netlink/index.js'
import type { CallOptions } from '../../netlink/index.js'
import { commitSteps } from './commit.js'
import type { OpenConnection } from '../netfilter-connection.js'
import { TransactionScope } from './scope.js'
import type { Step } from './scope.js'
import { StepWriter } from './step-writer.js'

/** Runs one verb as a transaction of its own; gives the object that the kernel made, where it made one. */
export async function runVerb(
  open: OpenConnection,
  make: (scope: TransactionScope) => Step,
  options: CallOptions = {},
  echo = false
): Promise<unknown> {
  const step = make(new TransactionScope())
  const steps = new StepWriter()
  const { operations } = step
  const last = operations?.at(-1)
  const asked =
    echo && operations !== undefined && last !== undefined
      ? { ...step, operations: [...operations.slice(0, -1), { ...last, flags: last.flags | NLM_F_ECHO }] }
      : step
  steps.add(asked)
  const replies = await commitSteps(open, steps, options)
  const reply = replies.at(-1)
  return reply?.kind === 'done' ? asked.operations?.at(-1)?.read?.(reply.messages) : undefined
}
