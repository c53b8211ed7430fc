import { describe, expect, it } from 'vitest'
import { type OpenSocketOptions, socketOptions } from '../../../src/namespace/inet-socket.js'

const bad = (options: unknown) => () => socketOptions(options as OpenSocketOptions)

describe('socketOptions', () => {
  it('binds to any address when only a port is given, and not at all without either', () => {
    expect(socketOptions({ type: 'tcp', port: 80 })).toMatchObject({
      family: 'inet',
      type: 'stream',
      bind: { address: '0.0.0.0', port: 80 }
    })
    expect(socketOptions({ type: 'udp', family: 'inet6', port: 53 }).bind).toEqual({
      address: '::',
      port: 53
    })
    expect(socketOptions({ type: 'udp', address: '10.0.0.1' }).bind).toEqual({ address: '10.0.0.1', port: 0 })
    expect(socketOptions({ type: 'tcp' }).bind).toBeUndefined()
  })

  it('takes the family from the address', () => {
    expect(socketOptions({ type: 'tcp', address: 'fd00::1' }).family).toBe('inet6')
    expect(socketOptions({ type: 'tcp', address: '10.0.0.1' }).family).toBe('inet')
  })

  it('says how to listen', () => {
    expect(socketOptions({ type: 'tcp', port: 1, listen: true }).listen).toBe(511)
    expect(socketOptions({ type: 'tcp', port: 1, listen: 5 }).listen).toBe(5)
    expect(socketOptions({ type: 'tcp', port: 1, listen: false }).listen).toBeUndefined()
  })

  it('knows protocols', () => {
    expect(socketOptions({ type: 'raw', protocol: 'icmp' })).toMatchObject({ type: 'raw', protocol: 1 })
    expect(socketOptions({ type: 'raw', protocol: 89 }).protocol).toBe(89)
  })

  it.each<[unknown, string, string | undefined]>([
    [undefined, 'ERR_INVALID_ARG_TYPE', undefined],
    [{}, 'ERR_MISSING_FIELD', 'type'],
    [{ type: 'stream' }, 'ERR_INVALID_ARG_VALUE', 'type'],
    [{ type: 'raw' }, 'ERR_MISSING_FIELD', 'protocol'],
    [{ type: 'raw', protocol: 'x' }, 'ERR_INVALID_ARG_VALUE', 'protocol'],
    [{ type: 'raw', protocol: 256 }, 'ERR_OUT_OF_RANGE', 'protocol'],
    [{ type: 'raw', protocol: 1, port: 1 }, 'ERR_UNKNOWN_FIELD', 'port'],
    [{ type: 'udp', listen: true }, 'ERR_UNKNOWN_FIELD', 'listen'],
    [{ type: 'tcp', adress: '::1' }, 'ERR_UNKNOWN_FIELD', 'adress'],
    [{ type: 'tcp', port: 65536 }, 'ERR_OUT_OF_RANGE', 'port'],
    [{ type: 'tcp', port: '80' }, 'ERR_INVALID_ARG_TYPE', 'port'],
    [{ type: 'tcp', port: -1 }, 'ERR_OUT_OF_RANGE', 'port'],
    [{ type: 'tcp', address: 'localhost' }, 'ERR_INVALID_ARG_VALUE', 'address'],
    [{ type: 'tcp', address: '10.0.0.256' }, 'ERR_INVALID_ARG_VALUE', 'address'],
    [{ type: 'tcp', address: 7 }, 'ERR_INVALID_ARG_TYPE', 'address'],
    [{ type: 'tcp', address: '::1', family: 'inet' }, 'ERR_INVALID_ARG_VALUE', 'address'],
    [{ type: 'tcp', family: 'inet5' }, 'ERR_INVALID_ARG_VALUE', 'family'],
    [{ type: 'tcp', ipv6Only: true }, 'ERR_INVALID_ARG_VALUE', 'ipv6Only'],
    [{ type: 'tcp', device: 'a b' }, 'ERR_INVALID_ARG_VALUE', 'device'],
    [{ type: 'tcp', device: 'x'.repeat(16) }, 'ERR_INVALID_ARG_VALUE', 'device'],
    [{ type: 'tcp', mark: -1 }, 'ERR_OUT_OF_RANGE', 'mark'],
    [{ type: 'tcp', mark: 2 ** 32 }, 'ERR_OUT_OF_RANGE', 'mark'],
    [{ type: 'tcp', reusePort: 'yes' }, 'ERR_INVALID_ARG_TYPE', 'reusePort'],
    [{ type: 'tcp', listen: -1 }, 'ERR_OUT_OF_RANGE', 'listen']
  ])('refuses %j', (options, code, field) => {
    expect(bad(options)).toThrow(expect.objectContaining({ code, ...(field === undefined ? {} : { field }) }))
  })

  it('has types for each kind of socket', () => {
    // @ts-expect-error udp does not listen
    expect(() => socketOptions({ type: 'udp', listen: true })).toThrow(TypeError)
    // @ts-expect-error raw needs a protocol
    expect(() => socketOptions({ type: 'raw' })).toThrow(TypeError)
  })
})
