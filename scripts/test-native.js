/**
 * The native half through CMake, which reads the same list of sources as binding.gyp:
 *
 *   node scripts/test-native.js              GoogleTest, and the addon as CMake builds it
 *   node scripts/test-native.js --sanitize   both under ASan with UBSan, then under TSan
 *   node scripts/test-native.js --fuzz       every fuzz target, NETLOOM_FUZZ_SECONDS each (20)
 *
 * Builds go to build-native/, where nobody loads an addon by accident. The last line says
 * `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { fromPackage, root } from './run.js'

const total = { passed: 0, failed: 0, skipped: 0 }
const [mode] = process.argv.slice(2)

/** @param {string} what @param {string} reason */
function skip(what, reason) {
  console.log(`skipped ${what}: ${reason}`)
  total.skipped += 1
}

/**
 * Runs a program and shows its output; if its last line has counts they are added, else it counts as one.
 * @param {string} name
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} [env]
 */
function test(name, command, env) {
  console.log(`\n--- ${name}`)
  const { status, signal, stdout, error } = spawnSync(/** @type {string} */ (command[0]), command.slice(1), {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env }
  })
  process.stdout.write(stdout ?? '')
  const counts = /^(\d+) passed, (\d+) failed, (\d+) skipped\n?$/m.exec(
    stdout?.trimEnd().split('\n').at(-1) ?? ''
  )
  const [passed, failed, skipped] = counts ? counts.slice(1).map(Number) : [status === 0 ? 1 : 0, 0, 0]
  total.passed += passed ?? 0
  total.failed += failed ?? 0
  total.skipped += skipped ?? 0
  if (status !== 0 && !failed) {
    console.log(`${name}: ${error?.message ?? (signal ? `ended by ${signal}` : `status ${status}`)}`)
    total.failed += 1
  }
}

/**
 * Compiles with cmake-js, whose headers come from node-api-headers. Gives the folder of the build, in which
 * the addon lies where node-gyp-build looks for it.
 * @param {string} name
 * @param {Record<string, string>} options
 * @param {string[]} [more]
 */
function build(name, options, more = []) {
  console.log(`\n--- compiling ${name}`)
  const folder = join(root, 'build-native', name)
  const { status } = spawnSync(
    process.execPath,
    [
      fromPackage('cmake-js/bin/cmake-js'),
      'build',
      '--directory=native',
      `--out=${join(folder, 'build')}`,
      '--log-level=error',
      `--parallel=${availableParallelism()}`,
      ...Object.entries(options).map(([key, value]) => `--CD${key}=${value}`),
      ...more
    ],
    { cwd: root, stdio: 'inherit' }
  )
  if (status === 0) return folder
  console.log(`${name} doesn't compile`)
  total.failed += 1
  return undefined
}

/** The addon that a build made, loaded by what npm users load it with. @param {string} folder */
const addon = (folder) => [
  process.execPath,
  '--eval',
  `if (!require('node-gyp-build').path(${JSON.stringify(folder)}).startsWith(${JSON.stringify(folder)})) throw new Error('not that addon')
   require('node-gyp-build')(${JSON.stringify(folder)}).currentNamespace().close()`
]

/** A sanitizer's runtime, which has to be there before Node.js is. @param {string} name */
function runtime(name) {
  const { stdout } = spawnSync('g++', [`-print-file-name=${name}`], { encoding: 'utf8' })
  return stdout.trim()
}

/**
 * The addon of a sanitizer's build. Its runtime has to be there before Node.js is, so only the tests that start
 * processes of their own can tell something. @type {(folder: string, preload: string) => void}
 */
function testAddon(folder, preload) {
  const file = 'test/kernel/binding/termination.test.ts'
  test(`addon, ${basename(folder)}`, [process.execPath, 'scripts/test.js', 'kernel', file], {
    NETLOOM_PREBUILD: folder,
    NETLOOM_TEST_PRELOAD: preload
  })
}

function units() {
  const folder = build('test', { NETLOOM_TESTS: 'ON' })
  if (folder === undefined) return
  test('GoogleTest', [join(folder, 'build/netloom_tests')])
  test('the addon loads', addon(folder))
}

function sanitize() {
  const address = build('address', { NETLOOM_TESTS: 'ON', NETLOOM_SANITIZE: 'address' })
  if (address !== undefined) {
    test('GoogleTest, ASan with UBSan', [join(address, 'build/netloom_tests')])
    testAddon(address, runtime('libasan.so'))
  }
  const thread = build('thread', { NETLOOM_TESTS: 'ON', NETLOOM_SANITIZE: 'thread' })
  if (thread !== undefined) {
    test('GoogleTest, TSan', [join(thread, 'build/netloom_tests')])
    testAddon(thread, runtime('libtsan.so'))
  }
}

function fuzz() {
  if (!exists('clang++')) return skip('fuzzing', 'clang++ is not installed')
  const folder = build('fuzz', { NETLOOM_FUZZ: 'ON' }, ['--prefer-clang'])
  if (folder === undefined) return
  const seconds = process.env['NETLOOM_FUZZ_SECONDS'] ?? '20'
  for (const source of readdirSync(join(root, 'native/test/fuzz')).filter((file) => file.endsWith('.cc'))) {
    const name = basename(source, '.cc')
    const corpus = join(folder, 'corpus', name)
    mkdirSync(corpus, { recursive: true })
    test(`fuzzing ${name} for ${seconds} s`, [
      join(folder, 'build', name),
      `-max_total_time=${seconds}`,
      '-timeout=10',
      '-max_len=4096',
      '-print_final_stats=1',
      '-verbosity=0',
      `-artifact_prefix=${folder}/`,
      corpus
    ])
  }
}

/** @param {string} program */
function exists(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
}

if (process.platform !== 'linux') skip('native tests', 'this is not Linux')
else if (!exists('cmake')) skip('native tests', 'cmake is not installed')
else if (mode !== '--fuzz' && !existsSync('/usr/include/gtest/gtest.h')) {
  skip('native tests', 'GoogleTest is not installed (libgtest-dev)')
} else if (mode === '--fuzz') fuzz()
else if (mode === '--sanitize') sanitize()
else units()

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
