/**
 * Many changes in few datagrams. An operation that fails is an outcome with an error of its own; the others
 * stand.
 *
 * Prints:
 *   254 applied, 1 failed
 *   EEXIST: addresses.add of 10.0.0.1/24
 */
import { NetlinkError, NetworkNamespace, NetworkStack } from 'netloom'

await using namespace = await NetworkNamespace.create()
await using stack = await NetworkStack.open({ namespace })

const batch = stack.batch()
for (let host = 1; host <= 254; host++) batch.addresses.add('lo', `10.0.0.${host}/24`)
const again = batch.addresses.add('lo', '10.0.0.1/24')

const outcomes = await batch.commit({ onError: 'collect' })
const applied = outcomes.filter((outcome) => outcome.status === 'applied').length
console.log(`${applied} applied, ${outcomes.length - applied} failed`)

const outcome = outcomes[again]
if (outcome?.status === 'failed' && outcome.error instanceof NetlinkError) {
  console.log(`${outcome.error.code}: ${outcome.error.request?.method} of 10.0.0.1/24`)
}
