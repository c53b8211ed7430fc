import { expect, it } from 'vitest'
import { reverseAddress } from '../../../../src/container/dns/reverse.js'

const digits = '2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f'

it.each([
  ['2.0.88.10.in-addr.arpa', '10.88.0.2'],
  ['2.0.88.10.IN-ADDR.Arpa', '10.88.0.2'],
  [`${digits}.ip6.arpa`, 'fd00::2'],
  [`${digits.toUpperCase()}.IP6.ARPA`, 'fd00::2'],
  ['0.88.10.in-addr.arpa', undefined],
  ['1.2.0.88.10.in-addr.arpa', undefined],
  ['256.0.88.10.in-addr.arpa', undefined],
  ['02.0.88.10.in-addr.arpa', undefined],
  ['in-addr.arpa', undefined],
  ['2.0.88.10.in-addr.arpa.org', undefined],
  [`0.${digits}.ip6.arpa`, undefined],
  [`${digits.slice(2)}.ip6.arpa`, undefined],
  [`g${digits.slice(1)}.ip6.arpa`, undefined],
  [`22${digits.slice(2)}.0.ip6.arpa`, undefined],
  ['web', undefined],
  ['.', undefined]
])('%s stands for %s', (name, address) => {
  expect(reverseAddress(name)).toBe(address)
})
