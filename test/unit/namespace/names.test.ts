import { describe, expect, it } from 'vitest'
import { InvalidRange, InvalidType } from '../../../src/codec/index.js'
import { NetworkNamespace } from '../../../src/namespace/index.js'
import { checkName, nameOf, pathOf } from '../../../src/namespace/names.js'

describe('checkName', () => {
  it.each(['con1', 'a', '...', 'with space', '-x', 'ü', 'x'.repeat(255)])('takes %j', (name) => {
    expect(() => checkName(name)).not.toThrow()
  })

  it.each(['', '.', '..', 'a/b', '/', '../../etc/passwd', 'a\0b'])('refuses %j', (name) => {
    expect(() => checkName(name)).toThrow(
      expect.objectContaining({
        constructor: InvalidType,
        code: 'ERR_INVALID_ARG_VALUE',
        field: 'name',
        value: name
      })
    )
  })

  it.each([undefined, null, 7, {}, ['a']])('refuses %j, which is no string', (name) => {
    expect(() => checkName(name)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE', field: 'name' })
    )
  })

  it('counts bytes, not characters', () => {
    expect(() => checkName('x'.repeat(256))).toThrow(InvalidRange)
    expect(() => checkName('ü'.repeat(128))).toThrow(
      expect.objectContaining({
        code: 'ERR_OUT_OF_RANGE',
        message: expect.stringContaining('255 bytes') as string
      })
    )
  })
})

describe('nameOf', () => {
  it('finds the name that a path pins', () => {
    expect(nameOf(pathOf('con1'))).toBe('con1')
    expect(nameOf('/var/run/netns/con1')).toBe('con1')
  })

  it('knows no name elsewhere', () => {
    expect(nameOf('/proc/1/ns/net')).toBeUndefined()
    expect(nameOf('/run/netns/a/b')).toBeUndefined()
    expect(nameOf('/run/netns/..')).toBeUndefined()
    expect(nameOf('/run/netns')).toBeUndefined()
  })
})

describe('NetworkNamespace with bad input', () => {
  const refused: [string, () => Promise<unknown>, string, string][] = [
    ['create a path', () => NetworkNamespace.create('a/b'), 'ERR_INVALID_ARG_VALUE', 'name'],
    [
      'create a number',
      () => NetworkNamespace.create(7 as unknown as string),
      'ERR_INVALID_ARG_TYPE',
      'name'
    ],
    [
      'create with unknown keys',
      () => NetworkNamespace.create('a', { remove: true } as object),
      'ERR_UNKNOWN_FIELD',
      'remove'
    ],
    [
      'create with no boolean',
      () => NetworkNamespace.create('a', { removeOnClose: 1 as unknown as boolean }),
      'ERR_INVALID_ARG_TYPE',
      'removeOnClose'
    ],
    ['open nothing', () => NetworkNamespace.open({} as { pid: number }), 'ERR_INVALID_ARG_VALUE', ''],
    ['open two things', () => NetworkNamespace.open({ pid: 1, fd: 2 }), 'ERR_INVALID_ARG_VALUE', ''],
    ['open null', () => NetworkNamespace.open(null as unknown as string), 'ERR_INVALID_ARG_TYPE', ''],
    ['open an empty name', () => NetworkNamespace.open(''), 'ERR_INVALID_ARG_VALUE', 'name'],
    ['open an empty path', () => NetworkNamespace.open({ path: '' }), 'ERR_INVALID_ARG_VALUE', 'path'],
    [
      'open a path with a NUL',
      () => NetworkNamespace.open({ path: '/a\0b' }),
      'ERR_INVALID_ARG_VALUE',
      'path'
    ],
    ['open process 0', () => NetworkNamespace.open({ pid: 0 }), 'ERR_OUT_OF_RANGE', 'pid'],
    ['open process 1.5', () => NetworkNamespace.open({ pid: 1.5 }), 'ERR_OUT_OF_RANGE', 'pid'],
    ['open descriptor -1', () => NetworkNamespace.open({ fd: -1 }), 'ERR_OUT_OF_RANGE', 'fd'],
    ['remove ..', () => NetworkNamespace.remove('..'), 'ERR_INVALID_ARG_VALUE', 'name'],
    ['list with a bad timeout', () => NetworkNamespace.list({ timeout: -1 }), 'ERR_OUT_OF_RANGE', '']
  ]

  it.each(refused)('refuses to %s', async (_what, call, code, field) => {
    const error = await call().then(
      () => undefined,
      (reason: unknown) => reason
    )
    expect(error).toMatchObject({ code, ...(field === '' ? {} : { field }) })
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
  })

  it('does nothing when aborted before', async () => {
    const reason = new Error('no more')
    const signal = AbortSignal.abort(reason)
    await expect(NetworkNamespace.create('aborted', { signal })).rejects.toBe(reason)
    await expect(NetworkNamespace.open('aborted', { signal })).rejects.toBe(reason)
    await expect(NetworkNamespace.list({ signal })).rejects.toBe(reason)
  })
})
