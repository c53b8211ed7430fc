import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { LmdbStore } from '../../../../src/container/state/index.js'
import { startProcess } from './child-process.js'
import { temporaryDirectory } from './temporary-directory.js'

/** A process that counts. */
class Counter {
  readonly name: string
  readonly #process: ChildProcess
  readonly #file: string

  constructor(directory: string, name: string) {
    this.name = name
    this.#file = join(directory, `told-${name}`)
    writeFileSync(this.#file, '0')
    this.#process = startProcess('count.ts', [directory, name, this.#file])
  }

  /** The last number that it was told is written. */
  get told(): number {
    return Number(readFileSync(this.#file, 'utf8'))
  }

  /** Kills it in the middle of whatever it does. */
  async kill(): Promise<void> {
    const closed = once(this.#process, 'close')
    this.#process.kill('SIGKILL')
    await closed
  }
}

interface State {
  readonly a: number
  readonly b: number
  readonly counts: ReadonlyMap<string, number>
  readonly records: readonly string[]
}

function stateOf(store: LmdbStore): State {
  return store.read((tx) => ({
    a: tx.get<number>('total/a') ?? 0,
    b: tx.get<number>('total/b') ?? 0,
    counts: new Map([...tx.list<number>('count/')].map(([key, count]) => [key.slice(6), count])),
    records: [...tx.list<{ count: number }>('record/')].map(([key]) => key)
  }))
}

function expectWhole({ a, b, counts, records }: State): void {
  expect(b).toBe(a)
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(a)
  expect(records).toEqual([...counts].map(([name, count]) => `record/${name}/${count}`).sort())
}

it('loses nothing that was resolved, and keeps nothing by halves, however often processes are killed', async () => {
  const directory = temporaryDirectory()
  const store = await LmdbStore.open(directory)
  let heard = 0
  store.onChange(() => {
    heard++
    expectWhole(stateOf(store))
  })
  const kills = 20
  let started = 0
  const start = () => new Counter(directory, `p${String(started++).padStart(2, '0')}`)
  let running = [start(), start(), start()]
  onTestFinished(() => void Promise.all(running.map((counter) => counter.kill())))
  const told = new Map<string, number>()
  while (started < kills + running.length) {
    const [victim, ...others] = running as [Counter, ...Counter[]]
    // A disk at work may take a tenth of a second for each.
    await expect
      .poll(() => victim.told, { timeout: 60_000, interval: 1 })
      .toBeGreaterThan(Math.random() * 300)
    await victim.kill()
    told.set(victim.name, victim.told)
    const state = stateOf(store)
    expectWhole(state)
    expect(state.counts.get(victim.name)).toBeGreaterThanOrEqual(victim.told)
    await store.write((tx) => tx.put('mine', true))
    running = [...others, start()]
  }
  await Promise.all(running.map((counter) => counter.kill()))

  const state = stateOf(store)
  expectWhole(state)
  for (const [name, count] of told) expect(state.counts.get(name)).toBeGreaterThanOrEqual(count)
  expect(told.size).toBe(kills)
  expect(heard).toBeGreaterThan(0)
  await store.close()

  const again = await LmdbStore.open(directory)
  expect(stateOf(again)).toEqual(state)
  await again.close()
}, 300_000)
