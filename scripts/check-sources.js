/**
 * binding.gyp and native/CMakeLists.txt compile the same files: both read native/sources.json, neither names
 * a source itself, and it lists every source of the core and the addon.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.js'
import { cppFiles } from './sources.js'

/** @param {string} file */
const read = (file) => readFileSync(join(root, file), 'utf8')

/** @type {string[]} */
const problems = []
const lists = /** @type {Record<string, string[]>} */ (JSON.parse(read('native/sources.json')))
for (const part of ['core', 'addon']) {
  const listed = (lists[part] ?? []).map((file) => `native/${file}`)
  const present = cppFiles(`native/${part}`).filter((file) => file.endsWith('.cc'))
  for (const file of present) if (!listed.includes(file)) problems.push(`native/sources.json lacks ${file}`)
  for (const file of listed)
    if (!present.includes(file)) problems.push(`native/sources.json: no such file, ${file}`)
}
for (const file of ['binding.gyp', 'native/CMakeLists.txt']) {
  const text = read(file)
  if (!text.includes('sources.json')) problems.push(`${file} doesn't read native/sources.json`)
  for (const [name] of text.matchAll(/\b(?:core|addon)\/[\w/-]+\.cc\b/g))
    problems.push(`${file} names ${name} itself`)
}

for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
