/** Removes everything that the other scripts make. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.js'

for (const folder of ['build', 'build-dist', 'build-native', 'build-zig', 'dist', 'prebuilds', 'docs/api']) {
  rmSync(join(root, folder), { recursive: true, force: true })
}
