import { Writer, within } from '../../../codec/index.js'
import type { DumpRequest } from '../../../netlink/index.js'
import { checkFamily, checkFilterKeys } from '../check.js'
import { helperName } from '../schema.js'
import { direction } from '../tuple-filter.js'
import type { TupleFilter } from '../tuple-filter.js'
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

/** Asks for the expectations that match; `restricts` is false if that is all of them. */
export function expectationDump(
  filter: ExpectationFilter,
  method = 'conntrack.expectations.list'
): DumpRequest<Expectation> & { readonly restricts: boolean } {
  checkFilterKeys(filter, ['family', 'tuple', 'master', 'helper'])
  checkFamily(filter.family)
  const { family, helper } = filter
  if (helper !== undefined) within('helper', () => helperName.write(new Writer(16), helper))
  const tests: ((expectation: Expectation) => boolean)[] = []
  if (family !== undefined) tests.push((expectation) => expectation.family === family)
  if (helper !== undefined) tests.push((expectation) => expectation.helper === helper)
  for (const key of ['tuple', 'master'] as const)
    for (const test of direction(filter[key], key)?.tests ?? [])
      tests.push((expectation) => test(expectation[key]))
  return {
    restricts: tests.length > 0,
    request: { method, input: filter },
    syscall: 'IPCTNL_MSG_EXP_GET',
    type: IPCTNL_MSG_EXP_GET,
    schema: expectationMessage,
    write: (writer) => expectationMessage.write(writer, { family }),
    read(message) {
      if (message.type !== IPCTNL_MSG_EXP_NEW) return undefined
      const expectation = readExpectation(message)
      return tests.every((test) => test(expectation)) ? expectation : undefined
    }
  }
}
