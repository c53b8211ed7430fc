import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LmdbStore, currentProcess, keys, schemaVersion } from '../../../../src/container/state/index.js'
import { runProcess } from './child-process.js'
import { describeStore } from './store-contract.js'
import { temporaryDirectory } from './temporary-directory.js'

const all = mkdtempSync(join(tmpdir(), 'netloom-state-'))
afterAll(() => rmSync(all, { recursive: true, force: true }))
let count = 0

describeStore('LmdbStore', () => LmdbStore.open(join(all, `${count++}`)))

describe('LmdbStore', () => {
  it('keeps what was written for the next who opens the directory', async () => {
    const directory = join(temporaryDirectory(), 'deep', 'inside')
    const first = await LmdbStore.open(directory)
    await first.write((tx) => tx.put('a', { b: 1 }))
    await first.close()
    const second = await LmdbStore.open(directory)
    expect(second.read((tx) => tx.get('a'))).toEqual({ b: 1 })
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    await second.close()
  })

  it('shares a directory with another store of the same process', async () => {
    const directory = temporaryDirectory()
    const a = await LmdbStore.open(directory)
    const b = await LmdbStore.open(directory)
    for (let i = 0; i < 10; i++) {
      await a.write((tx) => tx.put('n', (tx.get<number>('n') ?? 0) + 1))
      expect(b.read((tx) => tx.get('n'))).toBe(2 * i + 1)
      await b.write((tx) => tx.put('n', (tx.get<number>('n') ?? 0) + 1))
      expect(a.read((tx) => tx.get('n'))).toBe(2 * i + 2)
    }
    await a.close()
    expect(b.read((tx) => tx.get('n'))).toBe(20)
    await b.write((tx) => tx.put('n', 0))
    await b.close()
  })

  it('tells of the commits of others, until it is told to stop', async () => {
    const directory = temporaryDirectory()
    const a = await LmdbStore.open(directory)
    const b = await LmdbStore.open(directory)
    let heard: unknown
    let times = 0
    const stop = a.onChange(() => {
      heard = a.read((tx) => tx.get('x'))
      times++
    })
    await b.write((tx) => tx.put('x', 'new'))
    await expect.poll(() => heard, { timeout: 5000 }).toBe('new')
    const before = times
    await b.write((tx) => tx.get('x'))
    stop()
    await b.write((tx) => tx.put('x', 'newer'))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(times).toBe(before)
    expect(heard).toBe('new')
    await a.close()
    await b.close()
  })

  it('refuses what a newer version wrote, and leaves it alone', async () => {
    const directory = temporaryDirectory()
    const first = await LmdbStore.open(directory)
    await first.write((tx) => tx.put(keys.version, schemaVersion + 1))
    await first.close()
    await expect(LmdbStore.open(directory)).rejects.toMatchObject({
      code: 'ERR_STATE_DIRECTORY',
      message: expect.stringContaining('newer version of netloom') as string
    })
  })

  it('refuses what is no directory, or none of its own', async () => {
    await expect(LmdbStore.open('')).rejects.toMatchObject({ field: 'stateDirectory' })
    await expect(LmdbStore.open('a\0b')).rejects.toMatchObject({ field: 'stateDirectory' })
    await expect(LmdbStore.open(7 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    await expect(LmdbStore.open(file)).rejects.toMatchObject({ code: 'ERR_STATE_DIRECTORY' })
  })

  it.each<[string, (file: Buffer) => Buffer]>([
    ['is none at all', () => Buffer.from('no database at all'.repeat(1000))],
    ['is empty', () => Buffer.alloc(0)],
    ['lacks its end', (file) => file.subarray(0, file.length - 1)],
    ['lacks most of it', (file) => file.subarray(0, 4096)],
    ['lacks its middle', (file) => Buffer.concat([file.subarray(0, 4096), file.subarray(file.length - 4096)])]
  ])('refuses a saved file that %s, and leaves it', async (_, damage) => {
    const directory = temporaryDirectory()
    const store = await LmdbStore.open(directory)
    await store.write((tx) => tx.put('a', 'x'.repeat(20_000)))
    await store.close()
    powerFailure(directory)
    const saved = join(directory, 'saved.mdb')
    const damaged = damage(readFileSync(saved))
    writeFileSync(saved, damaged)
    await expect(LmdbStore.open(directory)).rejects.toMatchObject({
      code: 'ERR_STATE_DIRECTORY',
      message: `${saved} is damaged: nothing was changed`
    })
    expect(readFileSync(saved).equals(damaged)).toBe(true)
    expect(
      readdirSync(directory)
        .filter((file) => !file.includes('other-boot'))
        .sort()
    ).toEqual(['doorbell', 'saved.mdb'])
  })

  it('is what was saved after a power failure, and whole', async () => {
    const directory = temporaryDirectory()
    const store = await LmdbStore.open(directory)
    await store.write((tx) => tx.put('network', 'kept'), { durable: true })
    await store.write((tx) => tx.put('sandbox', 'x'.repeat(10_000)))
    powerFailure(directory)
    const after = await LmdbStore.open(directory)
    expect(after.read((tx) => [tx.get('network'), tx.get('sandbox')])).toEqual(['kept', undefined])
    expect(readdirSync(directory).filter((file) => file.includes('other-boot'))).toEqual([])
    await after.write((tx) => tx.put('network', 'again'))
    await after.close()
    powerFailure(directory)
    const last = await LmdbStore.open(directory)
    expect(last.read((tx) => tx.get('network'))).toBe('again')
    await last.close()
    await store.close()
  })

  it('saves everything some time after it was written, and cleans up after those who were killed', async () => {
    const directory = temporaryDirectory()
    const store = await LmdbStore.open(directory)
    await store.write((tx) => tx.put('a', 1))
    await expect.poll(() => existsSync(join(directory, 'saved.mdb')), { timeout: 10_000 }).toBe(true)
    writeFileSync(join(directory, 'temporary-1-1-0.mdb'), '')
    const { pid, startTime } = currentProcess()
    const mine = `temporary-${pid}-${startTime}-99999.mdb`
    writeFileSync(join(directory, mine), '')
    const other = await LmdbStore.open(directory)
    await expect.poll(() => temporaryFiles(directory)).toEqual([mine])
    await other.close()
    await store.close()
  })

  it('says so when it can not be saved', async () => {
    const directory = temporaryDirectory()
    const store = await LmdbStore.open(directory)
    // A directory stands where the copy is to be.
    mkdirSync(join(directory, 'saved.mdb', 'full'), { recursive: true })
    const failure = {
      code: 'ERR_STATE_DIRECTORY',
      message: expect.stringContaining('can not be saved') as string
    }
    await expect(store.write((tx) => tx.put('a', 1), { durable: true })).rejects.toMatchObject(failure)
    expect(store.read((tx) => tx.get('a'))).toBe(1)
    await expect(store.close()).rejects.toMatchObject(failure)
    expect(temporaryFiles(directory)).toEqual([])
    await store.close()
  })

  it('names the package where it is not installed', async () => {
    const directory = join(temporaryDirectory(), 'state')
    const { stdout } = await runProcess('open-without-lmdb.ts', [directory], ['--import', withoutLmdb])
    expect(JSON.parse(stdout)).toEqual({
      code: 'ERR_STATE_DIRECTORY',
      message: expect.stringContaining('npm install lmdb') as string
    })
    expect(existsSync(directory)).toBe(false)
  })

  it('lets the process end that listens for changes, once what it wrote is saved', async () => {
    const directory = temporaryDirectory()
    const { code } = await runProcess('write-and-listen.ts', [directory])
    expect(code).toBe(0)
    powerFailure(directory)
    const store = await LmdbStore.open(directory)
    expect(store.read((tx) => tx.get('written'))).toBe('before the end')
    await store.close()
  })
})

/** Leaves of a directory what a power failure would, at worst: another boot finds the file that was worked on in ruins. */
function powerFailure(directory: string): void {
  const working = readdirSync(directory).filter((file) => file.startsWith('state-'))
  expect(working).toHaveLength(2)
  for (const file of working) rmSync(join(directory, file))
  writeFileSync(join(directory, 'state-other-boot.mdb'), 'torn')
  writeFileSync(join(directory, 'state-other-boot.mdb-lock'), 'torn')
}

const temporaryFiles = (directory: string) =>
  readdirSync(directory).filter((file) => file.startsWith('temporary-'))

/** A module that makes `lmdb` impossible to find. */
const hooks = `export async function resolve(specifier, context, next) {
  if (specifier !== 'lmdb') return next(specifier, context)
  throw Object.assign(new Error("Cannot find package 'lmdb'"), { code: 'ERR_MODULE_NOT_FOUND' })
}`
const withoutLmdb = `data:text/javascript,${encodeURIComponent(
  `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)})`
)}`
