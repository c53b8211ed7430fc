/** The C++ files of native/. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.js'

/** Paths from the repository's root. @param {string} [folder] */
export function cppFiles(folder = 'native') {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(cc|h)$/.test(file) && !/(^|\/)build/.test(file))
    .map((file) => join(folder, file))
    .sort()
}
