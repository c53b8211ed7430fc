import type { Answer } from 'dns-packet'
import type { NameDirectory } from './names.js'
import type { Query } from './query.js'
import { localResponse } from './response.js'
import { reverseAddress } from './reverse.js'

/** How long clients may keep an answer, in seconds: as long as Docker lets them. */
const lifetime = 600

/**
 * The response to what one of the networks knows, or undefined. A name that exists without the type that was asked
 * for gives a response without records: nobody else is asked for it.
 */
export function answerLocally(
  query: Query,
  directory: NameDirectory,
  networkIds: readonly string[],
  limit: number
): Buffer | undefined {
  if (query.class !== 'IN') return undefined
  const records = query.type === 'PTR' ? nameRecords(query, directory, networkIds) : undefined
  const found = records ?? addressRecords(query, directory, networkIds)
  return found && localResponse(query, found, limit)
}

function nameRecords(
  { name, type }: Query,
  directory: NameDirectory,
  networkIds: readonly string[]
): Answer[] | undefined {
  const address = reverseAddress(name)
  const data = address && directory.nameOf(address, networkIds)
  return data === undefined ? undefined : [record(name, type as 'PTR', data)]
}

function addressRecords(
  { name, type }: Query,
  directory: NameDirectory,
  networkIds: readonly string[]
): Answer[] | undefined {
  const addresses = directory.addresses(name, networkIds)
  if (addresses === undefined) return undefined
  const records: Answer[] = []
  if (type === 'A' || type === 'ANY') {
    for (const address of addresses.inet) records.push(record(name, 'A', address))
  }
  if (type === 'AAAA' || type === 'ANY') {
    for (const address of addresses.inet6) records.push(record(name, 'AAAA', address))
  }
  return records
}

const record = (name: string, type: 'A' | 'AAAA' | 'PTR', data: string): Answer => ({
  name,
  type,
  class: 'IN',
  ttl: lifetime,
  data
})
