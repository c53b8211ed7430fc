/** What the other kernel tests stand on: fresh namespaces, and probes that tell apart what is there and what not. */
import { readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { descriptorsAtRest, descriptorsBack } from '../../setup/descriptors.js'
import { testNamespace } from '../../setup/namespace.js'
import { kernel, kind, missing, needsProgram, program } from '../../setup/requirements.js'

describe('testNamespace', () => {
  needsProgram('ip', 'nsenter')

  it('holds nothing but lo, which is down, and is not where the test runs', async () => {
    await using ns = await testNamespace()
    expect(await ns.ip('link')).toMatchObject([{ ifname: 'lo', operstate: 'DOWN' }])
    expect((await ns.run('readlink', '/proc/self/ns/net')).trim()).toBe(`net:[${ns.native.inode}]`)
    expect(readlinkSync('/proc/self/ns/net')).not.toBe(`net:[${ns.native.inode}]`)
  })

  it('keeps two apart, gives nothing for a change, and says what a program said when it failed', async () => {
    await using a = await testNamespace()
    await using b = await testNamespace()
    expect(await a.ip('address', 'add', '10.1.2.3/24', 'dev', 'lo')).toEqual([])
    expect(await a.ip('-4', 'address')).toHaveLength(1)
    expect(await b.ip('-4', 'address')).toEqual([])
    await expect(a.ip('link', 'show', 'dev', 'nonesuch')).rejects.toThrow('Device "nonesuch" does not exist')
  })

  it('leaves no descriptor behind', async () => {
    const before = await descriptorsAtRest()
    for (let i = 0; i < 10; i++) {
      await using _ns = await testNamespace()
    }
    await descriptorsBack(before)
  })
})

describe('requirements', () => {
  it('find the link kinds that every supported kernel has, and no other', async () => {
    expect(await missing(kind('bridge'))).toBeUndefined()
    expect(await missing(kind('veth'))).toBeUndefined()
    expect(await missing(kind('nonesuch'))).toBe('the kernel has no link kind nonesuch')
  })

  it('compare versions as numbers', async () => {
    expect(await missing(kernel(5, 10))).toBeUndefined()
    expect(await missing(kernel(99, 0))).toMatch(/^needs Linux 99\.0; this is /)
  })

  it('look for programs on the PATH', async () => {
    expect(await missing(program('sh'))).toBeUndefined()
    expect(await missing(program('nonesuch'))).toBe('the program nonesuch is not installed')
  })
})
