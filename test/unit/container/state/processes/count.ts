/**
 * Counts for ever in two records at a time, and tells how far it has come after each: count.ts DIRECTORY NAME FILE
 *
 * Each transaction leaves `total/a` = `total/b`, and adds one to `count/NAME`; it moves a record of 6 KB, too. The
 * file has the last count that `write` resolved to.
 */
import { openSync, writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { LmdbStore } from '../../../../../src/container/state/index.js'
import type { WriteTransaction } from '../../../../../src/container/state/index.js'

const [directory, name, path] = process.argv.slice(2) as [string, string, string]
const file = openSync(path, 'w')
const store = await LmdbStore.open(directory)

function increment(tx: WriteTransaction, key: string): number {
  const count = (tx.get<number>(key) ?? 0) + 1
  tx.put(key, count)
  return count
}

for (;;) {
  const count = await store.write((tx) => {
    increment(tx, 'total/a')
    const count = increment(tx, `count/${name}`)
    tx.put(`record/${name}/${count}`, { count, filling: 'x'.repeat(6000) })
    tx.delete(`record/${name}/${count - 1}`)
    increment(tx, 'total/b')
    return count
  })
  writeSync(file, String(count), 0)
  await setImmediate()
}
