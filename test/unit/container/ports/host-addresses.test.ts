import { expect, it } from 'vitest'
import { hostAddresses } from '../../../../src/container/ports/host-addresses.js'
import { parsePort } from '../../../../src/container/ports/index.js'

const v4 = ['inet'] as const
const v6 = ['inet6'] as const
const both = ['inet', 'inet6'] as const

it.each([
  ['80', both, undefined, ['0.0.0.0', '::']],
  ['80', v4, undefined, ['0.0.0.0']],
  ['80', v6, undefined, ['::']],
  ['80', [], undefined, []],
  ['80', both, '0.0.0.0', ['0.0.0.0', '::']],
  ['80', both, '::', ['::']],
  ['80', both, '127.0.0.1', ['127.0.0.1']],
  ['80', both, '::1', ['::1']],
  ['0.0.0.0:80:80', both, '127.0.0.1', ['0.0.0.0']],
  ['[::]:80:80', both, undefined, ['::']],
  ['192.0.2.1:80:80', both, undefined, ['192.0.2.1']],
  ['[fd00::1]:80:80', v6, undefined, ['fd00::1']]
] as const)(
  '%s of an endpoint with %j, on a network at %s, is published at %j',
  (port, families, hostAddress, expected) => {
    expect(hostAddresses(parsePort(port), { families, hostAddress })).toEqual(expected)
  }
)

it.each([
  ['[::1]:80:80', v4, undefined],
  ['127.0.0.1:80:80', v6, undefined],
  ['80', v6, '127.0.0.1']
] as const)('%s is refused for an endpoint with %j, on a network at %s', (port, families, hostAddress) => {
  expect(() => hostAddresses(parsePort(port), { families, hostAddress })).toThrow(
    expect.objectContaining({ field: 'hostAddress', code: 'ERR_INVALID_ARG_VALUE' }) as Error
  )
})
