/** Opens a store where `lmdb` is not installed, and prints what it is told: open-without-lmdb.ts DIRECTORY */
import { LmdbStore } from '../../../../../src/container/state/index.js'

try {
  await LmdbStore.open(process.argv[2]!)
  console.log('{}')
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  console.log(JSON.stringify({ code, message }))
}
