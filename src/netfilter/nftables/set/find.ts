import type { NetlinkConnection, Operation } from '../../../netlink/index.js'
import type { RunningCall } from '../../../netlink/call.js'
import { nftOperation, reader } from '../operation.js'
import type { SetPlace } from '../scope.js'
import type { SetLayout } from './layout.js'
import { setMessage } from './schema.js'
import { layoutOf, readSet } from './set.js'
import type { NftSet } from './set.js'

const read = reader('NFT_MSG_NEWSET', setMessage, readSet)

/** Asks for one set. */
export function findSet({ family, table, set }: SetPlace, method = 'sets.get'): Operation<NftSet> {
  const operation = nftOperation({
    request: { method, input: { family, table, name: set } },
    message: 'NFT_MSG_GETSET',
    flags: 0,
    schema: setMessage,
    input: { family, table, name: set },
    read,
    explain: (code) => (code === 'ENOENT' ? `there is no set "${set}" in table "${table}"` : undefined)
  })
  return { ...operation, replies: true } as Operation<NftSet>
}

/** The types of sets that are there already. Each is asked for once. */
export async function setLayouts(
  connection: NetlinkConnection,
  places: readonly SetPlace[],
  call: RunningCall
): Promise<SetLayout[]> {
  const asked = new Map<string, Promise<SetLayout>>()
  return Promise.all(
    places.map((place) => {
      const key = JSON.stringify(place)
      const layout = asked.get(key) ?? connection.run(findSet(place), call).then(layoutOf)
      asked.set(key, layout)
      return layout
    })
  )
}
