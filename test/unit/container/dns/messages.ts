/** DNS messages for tests, made with the packet library. */
import { RECURSION_DESIRED, encode } from 'dns-packet'
import type { Answer, OptAnswer, Packet, RecordType } from 'dns-packet'
import { readQuery } from '../../../../src/container/dns/query.js'
import type { Query } from '../../../../src/container/dns/query.js'

export const options = (udpPayloadSize: number, ednsVersion = 0): OptAnswer => ({
  type: 'OPT',
  name: '.',
  ...{ udpPayloadSize, ednsVersion, extendedRcode: 0, flags: 0, flag_do: false, options: [] }
})

export function queryBytes(name: string, type = 'A', packet: Packet = {}): Buffer {
  const questions = [{ name, type: type as RecordType }]
  return encode({ type: 'query', id: 0x1234, flags: RECURSION_DESIRED, questions, ...packet })
}

export function query(name: string, type?: string, packet?: Packet): Query {
  const read = readQuery(queryBytes(name, type, packet))
  if (typeof read !== 'object') throw new Error(`refused: ${read}`)
  return read
}

export const a = (name: string, data: string): Answer => ({ type: 'A', name, ttl: 600, class: 'IN', data })
