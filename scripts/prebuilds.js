/**
 * Builds the addon for this machine into prebuilds/PLATFORM-ARCH/, as the package carries it: stripped and
 * named after the C library. prebuildify moves what node-gyp built, so it works on a copy and leaves build/
 * alone. Arguments are passed on to prebuildify.
 */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { headers } from './headers.js'
import { fromPackage, root, run } from './run.js'

const nodedir = headers()
const copy = mkdtempSync(join(tmpdir(), 'netloom-prebuild-'))
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))

for (const part of ['package.json', 'binding.gyp', 'native']) {
  cpSync(join(root, part), join(copy, part), { recursive: true })
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
run(
  process.execPath,
  [
    fromPackage('prebuildify/bin.js'),
    `--cwd=${copy}`,
    `--out=${root}`,
    `--target=${process.versions.node}`,
    '--napi',
    '--strip',
    '--tag-libc',
    ...process.argv.slice(2)
  ],
  { env: { ...process.env, npm_config_nodedir: nodedir, npm_config_loglevel: 'warn' } }
)
