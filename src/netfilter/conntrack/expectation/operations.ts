import { NLM_F_CREATE, NLM_F_EXCL } from '../../../netlink/index.js'
import type { CallOptions, Operation, Runner } from '../../../netlink/index.js'
import { expectationInput, expectationKeyInput, readExpectation } from './expectation.js'
import type { Expectation, ExpectationKey, ExpectationSpec } from './expectation.js'
import {
  IPCTNL_MSG_EXP_DELETE,
  IPCTNL_MSG_EXP_GET,
  IPCTNL_MSG_EXP_NEW,
  expectationMessage
} from './schema.js'
import type { ExpectationMessageInput } from './schema.js'

/** The verbs on expectations that are one request each. */
export const expectationOperations = {
  create: (expectation: ExpectationSpec): Operation<void> => ({
    ...renewal(expectation, 'conntrack.expectations.create'),
    flags: NLM_F_CREATE | NLM_F_EXCL,
    explain(code) {
      if (code === 'ENOENT') return 'there is no connection with the tuple of master'
      return code === 'EOPNOTSUPP' ? 'the master has no helper, or the kernel no such helper' : explain(code)
    },
    // The kernel takes a timeout only of an expectation that is there.
    ...(expectation?.timeout === undefined
      ? {}
      : { finish: (runner, _messages, options) => renew(runner, expectation, options) })
  }),

  /** By its tuple alone: kernels compare an id with another number than the one that they tell. */
  delete: (expectation: ExpectationKey): Operation<void> => ({
    ...request('conntrack.expectations.delete', expectation, () => expectationKeyInput(expectation)),
    syscall: 'IPCTNL_MSG_EXP_DELETE',
    type: IPCTNL_MSG_EXP_DELETE,
    flags: 0,
    explain
  }),

  get: (expectation: ExpectationKey): Operation<Expectation> => ({
    ...request('conntrack.expectations.get', expectation, () => expectationKeyInput(expectation)),
    syscall: 'IPCTNL_MSG_EXP_GET',
    type: IPCTNL_MSG_EXP_GET,
    flags: 0,
    replies: true,
    explain,
    read: ([message]) => readExpectation(message!)
  })
} as const

/** Sets the timeout of an expectation that was just made, or unmakes it. */
async function renew(runner: Runner, expectation: ExpectationSpec, options: CallOptions): Promise<void> {
  try {
    await runner.run(renewal(expectation, 'conntrack.expectations.create'), options)
  } catch (error) {
    await runner.run(expectationOperations.delete(expectation)).catch(() => undefined)
    throw error
  }
}

function renewal(expectation: ExpectationSpec, method: string): Operation<void> {
  return {
    ...request(method, expectation, () => expectationInput(expectation)),
    syscall: 'IPCTNL_MSG_EXP_NEW',
    type: IPCTNL_MSG_EXP_NEW,
    flags: 0,
    explain
  }
}

function explain(code: string): string | undefined {
  if (code === 'EEXIST') return 'there is an expectation that covers this tuple already'
  return code === 'ENOENT' ? 'there is no such expectation' : undefined
}

function request(
  method: string,
  input: unknown,
  make: () => ExpectationMessageInput
): Pick<Operation<void>, 'request' | 'schema' | 'write'> {
  return {
    request: { method, input },
    schema: expectationMessage,
    write: (writer) => expectationMessage.write(writer, make())
  }
}
