/** binding.gyp and native/CMakeLists.txt compile the same files: every source of the core and the addon. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.js'
import { cppFiles } from './sources.js'

const present = ['core', 'addon']
  .flatMap((part) => cppFiles(`native/${part}`))
  .filter((file) => /\.(cpp|cc)$/.test(file))
let failed = false
for (const file of ['binding.gyp', 'native/CMakeLists.txt']) {
  const listed = new Set(
    [...readFileSync(join(root, file), 'utf8').matchAll(/\b(?:core|addon)\/[\w/-]+\.(?:cpp|cc)\b/g)].map(
      (match) => `native/${match[0]}`
    )
  )
  for (const source of present) if (!listed.has(source)) report(`${file} lacks ${source}`)
  for (const source of listed)
    if (!present.includes(source)) report(`${file} names ${source}, which doesn't exist`)
}
process.exitCode = failed ? 1 : 0

/** @param {string} problem */
function report(problem) {
  console.error(problem)
  failed = true
}
