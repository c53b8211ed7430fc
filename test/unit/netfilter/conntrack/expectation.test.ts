import { describe, expect, it } from 'vitest'
import { expectationDump, expectationOperations } from '../../../../src/netfilter/conntrack/index.js'
import type {
  ExpectationFilter,
  ExpectationKey,
  ExpectationSpec
} from '../../../../src/netfilter/conntrack/index.js'
import { encoded } from './encoded.js'

const { create, delete: remove } = expectationOperations

const tuple = {
  source: '10.0.0.1',
  destination: '10.0.0.2',
  protocol: 'tcp',
  sourcePort: 0,
  destinationPort: 80
} as const
const master = { ...tuple, sourcePort: 4096 }

describe('an expectation on the wire', () => {
  it('counts all of what is given by default', () => {
    expect(encoded(create({ master, tuple, flags: ['permanent'] }))).toBe(
      [
        '02000000 34000180 14000180 08000100 0a000001 08000200 0a000002',
        '1c000280 05000100 06000000 06000200 10000000 06000300 00500000',
        '34000280 14000180 08000100 0a000001 08000200 0a000002',
        '1c000280 05000100 06000000 06000200 00000000 06000300 00500000',
        '34000380 14000180 08000100 ffffffff 08000200 ffffffff',
        '1c000280 05000100 06000000 06000200 00000000 06000300 ffff0000',
        '08000800 00000001'
      ].join(' ')
    )
  })

  it('is named by its tuple and zone alone: kernels do not know its id again', () => {
    expect(encoded(remove({ tuple, zone: 3, id: 9 } as ExpectationKey))).toBe(
      [
        '02000000 34000280 14000180 08000100 0a000001 08000200 0a000002',
        '1c000280 05000100 06000000 06000200 00000000 06000300 00500000',
        '06000700 00030000'
      ].join(' ')
    )
  })
})

describe('bad input', () => {
  it.each<[unknown, string, string]>([
    [null, '', 'ERR_INVALID_ARG_TYPE'],
    [{ tuple }, 'master', 'ERR_MISSING_FIELD'],
    [{ master }, 'tuple', 'ERR_MISSING_FIELD'],
    [{ master, tuple: { ...tuple, protocol: undefined } }, 'tuple.protocol', 'ERR_MISSING_FIELD'],
    [{ master, tuple: { ...tuple, protocol: 'smoke' } }, 'tuple.protocol', 'ERR_INVALID_ARG_VALUE'],
    [{ master, tuple: { ...tuple, destinationPort: -1 } }, 'tuple.destinationPort', 'ERR_OUT_OF_RANGE'],
    [
      { master: { ...master, source: 'fd00::1', destination: 'fd00::2' }, tuple },
      'master.source',
      'ERR_INVALID_ARG_VALUE'
    ],
    [{ master, tuple, mask: {} }, 'mask.source', 'ERR_MISSING_FIELD'],
    [{ master, tuple, flags: ['forever'] }, 'flags', 'ERR_INVALID_ARG_VALUE'],
    [{ master, tuple, nat: { direction: 'back', tuple } }, 'nat.direction', 'ERR_INVALID_ARG_VALUE'],
    [{ master, tuple, nat: { direction: 'reply' } }, 'nat.tuple', 'ERR_MISSING_FIELD'],
    [{ master, tuple, id: 5 }, 'id', 'ERR_UNKNOWN_FIELD']
  ])('refuses to create %j for %s', (spec, field, code) => {
    expect(() => encoded(create(spec as ExpectationSpec))).toThrow(expect.objectContaining({ code, field }))
  })

  it.each<[unknown, string]>([
    [undefined, ''],
    [{}, 'tuple'],
    [{ id: 5 }, 'tuple'],
    [{ tuple: { source: '10.0.0.1' } }, 'tuple.destination']
  ])('refuses to delete %j: never without a whole tuple', (key, field) => {
    expect(() => encoded(remove(key as ExpectationKey))).toThrow(expect.objectContaining({ field }))
  })

  it.each<[unknown, string]>([
    [{ zone: 5 }, 'zone'],
    [{ tuple: { src: '' } }, 'tuple.src'],
    [{ master: { source: 'x' } }, 'master.source'],
    [{ helper: 'a-name-that-is-too-long' }, 'helper'],
    [{ family: 'bridge' }, 'family']
  ])('refuses the filter %j', (filter, field) => {
    expect(() => expectationDump(filter as ExpectationFilter)).toThrow(expect.objectContaining({ field }))
  })
})
