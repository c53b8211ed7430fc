import { isIP } from 'node:net'
import { invalidType, invalidValue, refuseOtherKeys, requireObject, within } from '../../../codec/index.js'
import type { SandboxDnsOptions } from '../../model/sandbox.js'
import { checkResolverOption } from './resolver-option.js'

/** Refuses options that can't be written into a resolv.conf. Throws a `TypeError` or `RangeError` with the path. */
export function checkDnsOptions(value: unknown): asserts value is SandboxDnsOptions {
  requireObject(value, 'an object such as { servers: ["1.1.1.1"] }')
  refuseOtherKeys(value, ['servers', 'search', 'options'])
  const { servers, search, options } = value as Record<keyof SandboxDnsOptions, unknown>
  checkEach('servers', servers, 'an IP address', (text) => isIP(text) !== 0 && !text.includes('%'))
  checkEach('search', search, 'a domain without white space', isWord)
  checkEach(
    'options',
    options,
    'an option of resolv.conf(5) without white space',
    isWord,
    checkResolverOption
  )
}

const isWord = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)

function checkEach(
  key: string,
  value: unknown,
  expected: string,
  isRight: (text: string) => boolean,
  check?: (text: string) => void
): void {
  if (value === undefined) return
  within(key, () => {
    if (!Array.isArray(value)) invalidType(value, 'an array of strings')
    for (const [index, text] of (value as unknown[]).entries()) {
      within(index, () => {
        if (typeof text !== 'string') invalidType(text, expected)
        if (!isRight(text)) invalidValue(text, expected)
        check?.(text)
      })
    }
  })
}
