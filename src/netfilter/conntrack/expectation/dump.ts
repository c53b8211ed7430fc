import { Writer, within } from '../../../codec/index.js'
import type { DumpRequest } from '../../../netlink/index.js'
import { checkFamily, checkFilterKeys, tupleTests } from '../filter.js'
import type { TupleFilter } from '../filter.js'
import { helperName } from '../schema.js'
import { readExpectation } from './expectation.js'
import type { Expectation } from './expectation.js'
import { IPCTNL_MSG_EXP_GET, IPCTNL_MSG_EXP_NEW, expectationMessage } from './schema.js'

/**
 * Which expectations. Absent properties do not restrict. The kernel leaves out other families; the rest is
 * compared here.
 */
export interface ExpectationFilter {
  readonly family?: 'inet' | 'inet6' | undefined
  readonly tuple?: TupleFilter | undefined
  readonly master?: TupleFilter | undefined
  readonly helper?: string | undefined
}

/** Asks for the expectations that match. */
export function expectationDump(
  filter: ExpectationFilter,
  method = 'conntrack.expectations.list'
): DumpRequest<Expectation> {
  checkFilterKeys(filter, ['family', 'tuple', 'master', 'helper'])
  checkFamily(filter.family)
  const { family, helper } = filter
  if (helper !== undefined) within('helper', () => helperName.write(new Writer(16), helper))
  const tuple = tupleTests(filter.tuple, 'tuple')
  const master = tupleTests(filter.master, 'master')
  const matches = (expectation: Expectation): boolean =>
    (family === undefined || expectation.family === family) &&
    (helper === undefined || expectation.helper === helper) &&
    tuple.every((test) => test(expectation.tuple)) &&
    master.every((test) => test(expectation.master))
  return {
    request: { method, input: filter },
    syscall: 'IPCTNL_MSG_EXP_GET',
    type: IPCTNL_MSG_EXP_GET,
    schema: expectationMessage,
    write: (writer) => expectationMessage.write(writer, { family }),
    read(message) {
      if (message.type !== IPCTNL_MSG_EXP_NEW) return undefined
      const expectation = readExpectation(message)
      return matches(expectation) ? expectation : undefined
    }
  }
}
