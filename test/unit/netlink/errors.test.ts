import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Writer, attribute, header, list, record, text, u32, u8 } from '../../../src/codec/index.js'
import {
  BatchError,
  DumpInterruptedError,
  NetlinkError,
  NetloomError,
  closedError,
  errorOf,
  fromNative,
  missingPath,
  unknownOutcome
} from '../../../src/netlink/index.js'

const schema = record(
  {
    family: header(0, u8),
    index: header(4, u32),
    name: attribute(3, text(15)),
    vxlan: attribute(18, record({ id: attribute(1, u32), port: attribute(15, u32) })),
    hops: attribute(9, list(record({ gateway: attribute(5, u32) })))
  },
  { headerSize: 16 }
)

function message(input: Parameters<typeof schema.write>[1]): Uint8Array {
  const writer = new Writer()
  const start = writer.beginMessage(16, 5)
  schema.write(writer, input)
  writer.endMessage(start)
  return writer.written()
}

const request = { method: 'links.add', input: { name: 'v0' } }
const native = (errno: number, syscall: string, path?: string): Error =>
  Object.assign(new Error('native'), { errno, syscall, path })

describe('NetlinkError', () => {
  it('says what the kernel said, about which attribute, and what was asked', () => {
    const bytes = message({ name: 'v0', vxlan: { id: 7 } })
    const error = errorOf(
      // 16 of nlmsghdr, 16 of the header, 8 of the name, 4 of the nest.
      { errno: -34, extended: { message: 'too large', offset: 44, policy: { min: 0, max: 16777215 } } },
      bytes,
      schema,
      { syscall: 'RTM_NEWLINK', request }
    )
    expect(error.message).toBe(
      'RTM_NEWLINK ERANGE: too large (attribute vxlan.id, which must be from 0 to 16777215), in links.add({"name":"v0"})'
    )
    expect(error).toMatchObject({
      name: 'NetlinkError',
      code: 'ERANGE',
      errno: -34,
      syscall: 'RTM_NEWLINK',
      reason: 'too large',
      attribute: 'vxlan.id',
      policy: { min: 0, max: 16777215 },
      request,
      outcomeUnknown: false
    })
    expect(error.stack).toMatch(/^NetlinkError: RTM_NEWLINK ERANGE/)
  })

  it.each([
    [{ min: 68 }, 'which must be at least 68'],
    [{ max: 9 }, 'which must be at most 9'],
    [{ minSigned: -1, maxSigned: 1 }, 'which must be from -1 to 1'],
    [{ minLength: 6, maxLength: 6 }, 'which must be 6 bytes long'],
    [{ maxLength: 15 }, 'which must be at most 15 bytes long'],
    [{ mask: 0xff }, 'which must have no bits beside 0xff']
  ])('tells the policy %j in words', (policy, words) => {
    expect(new NetlinkError({ errno: -22, syscall: 'X', attribute: 'a', policy }).message).toContain(words)
  })

  it('uses words of ours, or of strerror, where the kernel has none', () => {
    expect(new NetlinkError({ errno: -19, syscall: 'X', explanation: 'no such thing' }).message).toBe(
      'X ENODEV: no such thing'
    )
    expect(new NetlinkError({ errno: -19, syscall: 'X' }).message).toBe('X ENODEV: No such device')
  })

  it('shows input that JSON has no form for, and not too much of it', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = cyclic
    const say = (input: unknown): string =>
      new NetlinkError({ errno: -1, syscall: 'X', request: { method: 'm', input } }).message
    expect(say({ a: 5n, b: Infinity, c: new Uint8Array(3) })).toContain(
      'm({"a":"5","b":"Infinity","c":"<3 bytes>"})'
    )
    expect(say(cyclic)).toContain('m(…)')
    expect(say(undefined)).toContain('m()')
    expect(say('x'.repeat(10_000)).length).toBeLessThan(300)
  })
})

describe('the path of a missing attribute', () => {
  const bytes = message({ name: 'v0', vxlan: { id: 7 }, hops: [{}, { gateway: 1 }] })
  const at = (offset: number) => (type: number) => missingPath(bytes, schema, type, offset)

  it('is its name in the message', () => {
    expect(missingPath(bytes, schema, 3, undefined)).toBe('name')
    expect(missingPath(bytes, schema, 99, undefined)).toBe('#99')
  })

  it('is its name in a nest, also where the nest has it or is empty', () => {
    expect([15, 1, 99].map(at(40))).toEqual(['vxlan.port', 'vxlan.id', 'vxlan.#99'])
    expect(missingPath(message({ vxlan: {} }), schema, 15, 32)).toBe('vxlan.port')
  })

  it('is its name in a nest of a nest', () => {
    // The nest `hops` begins at 52, its items at 56 and 60.
    expect(at(56)(5)).toBe('hops[0].gateway')
    expect(at(60)(5)).toBe('hops[1].gateway')
  })

  it('is its number where the offset makes no sense', () => {
    expect(at(5)(1)).toBe('#1')
    expect(at(5000)(1)).toBe('#1')
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(120), fc.nat(0xffffff), (any, nest, type) => {
        missingPath(any, schema, type, nest)
        errorOf({ errno: -1, extended: { offset: nest } }, any, schema, { syscall: 'X', request })
      })
    )
  })
})

describe('what the native half rejects with', () => {
  it('becomes a NetlinkError with the path', () => {
    expect(fromNative(native(-2, 'open', '/run/netns/x'), request)).toMatchObject({
      name: 'NetlinkError',
      code: 'ENOENT',
      syscall: 'open',
      message: 'open ENOENT: No such file or directory, /run/netns/x, in links.add({"name":"v0"})'
    })
  })

  it('is ERR_CLOSED where the socket was closed, and only there', () => {
    expect(fromNative(native(-125, 'poll'), request)).toMatchObject({
      code: 'ERR_CLOSED',
      outcomeUnknown: false
    })
    expect(fromNative(native(-9, 'sendmsg'), request)).toMatchObject({ code: 'ERR_CLOSED' })
    expect(fromNative(native(-9, 'fcntl'))).toMatchObject({ code: 'EBADF' })
  })

  it('stays as it is where it is an error of ours, or no error of the system', () => {
    const ours = new NetlinkError({ errno: -17, syscall: 'X', reason: 'kept' })
    const other = new TypeError('x')
    expect(fromNative(ours)).toBe(ours)
    expect(fromNative(other)).toBe(other)
    expect(fromNative('text')).toBeInstanceOf(Error)
  })
})

describe('lost answers', () => {
  it('say that the outcome is unknown', () => {
    expect(unknownOutcome(-105, 'recvmsg', request)).toMatchObject({ code: 'ENOBUFS', outcomeUnknown: true })
    expect(unknownOutcome(-105, 'recvmsg', request).message).toContain('the outcome is unknown')
    expect(unknownOutcome(-125, 'poll', request)).toMatchObject({ code: 'ERR_CLOSED', outcomeUnknown: true })
    expect(closedError(request).message).toBe('the stack is closed; links.add was not done')
  })
})

describe('errors of ours', () => {
  it('have their own names, in stack traces too', () => {
    const errors = [
      new NetloomError('ERR_CLOSED', 'x'),
      new DumpInterruptedError('RTM_GETLINK', [1], 10),
      new BatchError(new Error('why'), [])
    ]
    const names = ['NetloomError', 'DumpInterruptedError', 'BatchError']
    expect(errors.map(({ name }) => name)).toEqual(names)
    expect(errors.map(({ stack }) => stack?.split(':')[0])).toEqual(names)
    expect(errors.every((error) => error instanceof NetloomError)).toBe(true)
  })
})
