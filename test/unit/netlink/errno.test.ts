import { readFileSync } from 'node:fs'
import { getSystemErrorMap } from 'node:util'
import { describe, expect, it } from 'vitest'
import { errnoName, errnoOf, errnoText } from '../../../src/netlink/index.js'

/** What the system's own headers define, or nothing where they are not installed. */
function fromHeaders(): [name: string, number: number][] {
  const found: [string, number][] = []
  for (const file of ['errno-base.h', 'errno.h']) {
    let text: string
    try {
      text = readFileSync(`/usr/include/asm-generic/${file}`, 'utf8')
    } catch {
      continue
    }
    for (const [, name, number] of text.matchAll(/^#define\s+(E\w+)\s+(\d+)/gm))
      found.push([name!, Number(number)])
  }
  return found
}

describe('errno table', () => {
  it('agrees with the names that Node.js has', () => {
    for (const [errno, [name]] of getSystemErrorMap()) {
      // libuv's own numbers, such as EAI_AGAIN, are far below; it calls EOPNOTSUPP by another name.
      if (errno < -1000 || name === 'EOF' || name === 'ENOTSUP') continue
      expect(errnoName(errno)).toBe(name)
    }
  })

  it("has everything of the kernel's headers", (context) => {
    const headers = fromHeaders()
    if (headers.length === 0) context.skip('the kernel headers are not installed')
    for (const [name, number] of headers) {
      expect(errnoName(-number), name).toBe(name)
      expect(errnoOf(name)).toBe(-number)
    }
  })

  it('knows what Node.js does not', () => {
    expect(['ENOTUNIQ', 'EUCLEAN', 'EREMOTEIO', 'ENOTSUPP'].map(errnoOf)).toEqual([-76, -117, -121, -524])
    expect(errnoText(-524)).toBe('Operation is not supported')
  })

  it('takes either sign, and names what it does not know by its number', () => {
    expect(errnoName(17)).toBe('EEXIST')
    expect(errnoName(-9999)).toBe('E9999')
    expect(errnoText(-9999)).toBe('Unknown error 9999')
    expect(() => errnoOf('ENOSUCH')).toThrow(RangeError)
  })
})
