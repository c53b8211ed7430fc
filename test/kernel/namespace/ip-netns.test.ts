import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { NetworkNamespace } from '../../../src/namespace/index.js'
import { execute } from '../../setup/namespace.js'
import { needsProgram } from '../../setup/requirements.js'

const ip = (...args: string[]) => execute('ip', args)
const names = async () => {
  const text = await ip('-j', 'netns', 'list')
  return (text.trim() === '' ? [] : (JSON.parse(text) as { name: string; id?: number }[])).filter(
    ({ name }) => name !== undefined
  )
}

describe('ip netns', () => {
  needsProgram('ip')

  it('sees, enters and deletes what netloom made', async () => {
    const namespace = await NetworkNamespace.create('nl-ours')
    expect((await names()).map(({ name }) => name)).toContain('nl-ours')
    const link = await ip('netns', 'exec', 'nl-ours', 'readlink', '/proc/self/ns/net')
    expect(link.trim()).toBe(`net:[${namespace.inode}]`)
    await ip('netns', 'delete', 'nl-ours')
    expect((await NetworkNamespace.list()).map(({ name }) => name)).not.toContain('nl-ours')
    await namespace.close()
    await expect(NetworkNamespace.open('nl-ours')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('makes what netloom sees, enters and deletes', async () => {
    await ip('netns', 'add', 'nl-theirs')
    await using namespace = await NetworkNamespace.open('nl-theirs')
    expect(statSync('/run/netns/nl-theirs').ino).toBe(namespace.inode)
    const entry = (await NetworkNamespace.list()).find(({ name }) => name === 'nl-theirs')
    expect(entry).toMatchObject({ inode: namespace.inode, id: undefined })
    await expect(NetworkNamespace.create('nl-theirs')).rejects.toMatchObject({ code: 'EEXIST' })
    await NetworkNamespace.remove('nl-theirs')
    expect((await names()).map(({ name }) => name)).not.toContain('nl-theirs')
  })

  it('refuses a name that netloom has', async () => {
    await using _namespace = await NetworkNamespace.create('nl-both', { removeOnClose: true })
    await expect(ip('netns', 'add', 'nl-both')).rejects.toThrow(/File exists/)
  })

  it('agrees on ids', async () => {
    await using a = await NetworkNamespace.create('nl-id-a', { removeOnClose: true })
    await using b = await NetworkNamespace.create('nl-id-b', { removeOnClose: true })
    await a.setId(1234)
    await ip('netns', 'set', 'nl-id-b', '5678')
    expect(await b.getId()).toBe(5678)
    const seen = await names()
    expect(seen).toContainEqual(expect.objectContaining({ name: 'nl-id-a', id: 1234 }))
    const listed = await NetworkNamespace.list()
    expect(listed.find(({ name }) => name === 'nl-id-b')?.id).toBe(5678)
  })

  it('lists the same names', async () => {
    const ours = ({ name }: { name: string }) => name.startsWith('nl-same')
    await using _one = await NetworkNamespace.create('nl-same-1', { removeOnClose: true })
    await ip('netns', 'add', 'nl-same-2')
    const theirs = (await names()).filter(ours).map(({ name }) => name)
    const listed = (await NetworkNamespace.list()).filter(ours).map(({ name }) => name)
    expect(listed).toEqual(theirs.sort())
    expect(listed).toEqual(['nl-same-1', 'nl-same-2'])
    await NetworkNamespace.remove('nl-same-2')
  })
})
