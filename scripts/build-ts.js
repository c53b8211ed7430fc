/** Compiles src/ to dist/, without what an earlier build left there. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, runPackage } from './run.js'

rmSync(join(root, 'dist'), { recursive: true, force: true })
runPackage('typescript/bin/tsc', ['--project', 'tsconfig.build.json'])
