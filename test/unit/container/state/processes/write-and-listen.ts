/** Writes, listens for changes, and closes nothing: write-and-listen.ts DIRECTORY */
import { LmdbStore } from '../../../../../src/container/state/index.js'

const store = await LmdbStore.open(process.argv[2]!)
store.onChange(() => undefined)
await store.write((tx) => tx.put('written', 'before the end'))
