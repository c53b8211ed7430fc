/** The C++ files: those of native/, and those of the benchmarks' floor. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.js'

/** Paths from the repository's root. @param {string[]} folders */
export function cppFiles(...folders) {
  if (folders.length === 0) folders = ['native', 'benchmarks/contenders/floor']
  return folders
    .flatMap((folder) => {
      const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      return files
        .filter((file) => /\.(cc|h)$/.test(file) && !/(^|\/)build/.test(file))
        .map((file) => join(folder, file))
    })
    .sort()
}
