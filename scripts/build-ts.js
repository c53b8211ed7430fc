/** Compiles src/ to dist/, without what an earlier build left there, which stays until this one has succeeded. */
import { chmodSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, runPackage } from './run.js'

const dist = join(root, 'dist')
const fresh = join(root, 'build-dist')
rmSync(fresh, { recursive: true, force: true })
runPackage('typescript/bin/tsc', ['--project', 'tsconfig.build.json', '--outDir', fresh])
// npm does so when it installs the package; in a clone nobody else does.
chmodSync(join(fresh, 'cli/main.js'), 0o755)
rmSync(dist, { recursive: true, force: true })
renameSync(fresh, dist)
