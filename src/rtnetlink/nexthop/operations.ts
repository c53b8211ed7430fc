import { InvalidType, invalidRange, invalidType, u32, within } from '../../codec/index.js'
import type { NetlinkConnection, Operation } from '../../netlink/index.js'
import { NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL, NLM_F_REPLACE } from '../../netlink/index.js'
import { checkLinkRef } from '../link-ref.js'
import { checkNextHop, nextHopInput, readNextHop } from './nexthop.js'
import type { NextHop, NextHopSpec } from './nexthop.js'
import { RTM_DELNEXTHOP, RTM_GETNEXTHOP, RTM_NEWNEXTHOP, nextHopMessage } from './schema.js'

/** A next hop by its id, or as an object that has it. */
export type NextHopRef = number | { readonly id: number }

/** The verbs on next-hop objects that are one request each. */
export const nextHopOperations = {
  add: (connection: NetlinkConnection, nextHop: NextHopSpec) =>
    write(connection, 'nexthops.add', nextHop, NLM_F_CREATE | NLM_F_EXCL),

  replace: (connection: NetlinkConnection, nextHop: NextHopSpec) => {
    if (nextHop?.id === undefined) throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within('id')
    return write(connection, 'nexthops.replace', nextHop, NLM_F_CREATE | NLM_F_REPLACE)
  },

  delete: (_connection: NetlinkConnection, nextHop: NextHopRef): Operation<void> => {
    const id = idOf(nextHop)
    return {
      request: { method: 'nexthops.delete', input: id },
      syscall: 'RTM_DELNEXTHOP',
      type: RTM_DELNEXTHOP,
      flags: 0,
      schema: nextHopMessage,
      write: (writer) => nextHopMessage.write(writer, { id }),
      explain: (code) => (code === 'ENOENT' ? `there is no next hop ${id}` : undefined)
    }
  },

  get: (_connection: NetlinkConnection, nextHop: NextHopRef): Operation<NextHop> => {
    const id = idOf(nextHop)
    return {
      request: { method: 'nexthops.get', input: id },
      syscall: 'RTM_GETNEXTHOP',
      type: RTM_GETNEXTHOP,
      flags: 0,
      schema: nextHopMessage,
      replies: true,
      write: (writer) => nextHopMessage.write(writer, { id }),
      read: ([message]) => readNextHop(message!),
      explain: (code) => (code === 'ENOENT' ? `there is no next hop ${id}` : undefined)
    }
  }
} as const

function write(
  connection: NetlinkConnection,
  method: string,
  spec: NextHopSpec,
  flags: number
): Operation<NextHop> {
  checkNextHop(spec)
  const target = spec.link === undefined ? undefined : checkLinkRef(spec.link, connection, 'link')
  if (spec.id !== undefined) idOf(spec.id)
  return {
    request: { method, input: spec },
    syscall: 'RTM_NEWNEXTHOP',
    type: RTM_NEWNEXTHOP,
    // The kernel tells what it made to the one who asked: the id that it chose, above all.
    flags: flags | NLM_F_ECHO,
    schema: nextHopMessage,
    needs: typeof target === 'string' ? [target] : undefined,
    replies: true,
    write(writer, indexOf) {
      nextHopMessage.write(writer, nextHopInput(spec, typeof target === 'string' ? indexOf(target) : target))
    },
    read(messages) {
      const made = messages.find((message) => message.type === RTM_NEWNEXTHOP)
      if (made === undefined) throw new Error('the kernel made a next hop without telling which')
      return readNextHop(made)
    },
    explain: (code) => (code === 'EEXIST' ? 'there is a next hop with this id already' : undefined)
  }
}

function idOf(ref: NextHopRef): number {
  return within('id', () => {
    const id = typeof ref === 'object' && ref !== null ? ref.id : ref
    const expected = `the id of a next hop: a whole number from 1 to ${u32.max}`
    if (typeof id !== 'number') invalidType(id, expected)
    if (!Number.isInteger(id) || id < 1 || id > u32.max) invalidRange(id, expected)
    return id
  })
}
