/**
 * `npm run check`: everything that can be judged without running the code. Names of checks as arguments run
 * these alone. A check whose program isn't installed is skipped, and says so. The last line says
 * `N passed, N failed, N skipped`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromPackage, root } from './run.js'
import { cppFiles } from './sources.js'

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string} program
 * @property {string[]} args
 * @property {string | undefined} [skip] Why it can't run here.
 */

const scratch = mkdtempSync(join(tmpdir(), 'netloom-check-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** A check that is a script of ours or of a package. @type {(name: string, path: string, ...args: string[]) => Check} */
const node = (name, path, ...args) => ({ name, program: process.execPath, args: [path, ...args] })

/** A check by a program of the system. @type {(name: string, program: string, ...args: string[]) => Check} */
const system = (name, program, ...args) => ({ name, program, args, skip: absent(program) })

/** @param {string} program */
function absent(program) {
  const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' })
  return error ? `${program} is not installed` : undefined
}

/** The package as it would be published, without running `prepare`. */
function pack() {
  const { status, stderr } = spawnSync('npm', ['pack', '--ignore-scripts', `--pack-destination=${scratch}`], {
    cwd: root,
    encoding: 'utf8'
  })
  if (status !== 0) throw new Error(stderr)
  return join(scratch, /** @type {string} */ (readdirSync(scratch).find((file) => file.endsWith('.tgz'))))
}

/** @returns {Check[]} */
function checks() {
  const tarball = existsSync(join(root, 'dist/index.js')) ? pack() : undefined
  const unbuilt = tarball === undefined ? 'there is no dist/: npm run build:ts' : undefined
  const shell = ['tools/vm-run', '.ci/run']
  return [
    node('eslint', fromPackage('eslint/bin/eslint.js'), '--max-warnings=0', '.'),
    { ...node('clang-tidy', 'scripts/check-tidy.js'), skip: absent('clang-tidy') ?? absent('cmake') },
    node('prettier', fromPackage('prettier/bin/prettier.cjs'), '--check', '.'),
    node('types', fromPackage('typescript/bin/tsc'), '--noEmit'),
    node('imports', 'scripts/check-imports.js'),
    node('sources', 'scripts/check-sources.js'),
    system('clang-format', 'clang-format', '--dry-run', '-Werror', ...cppFiles()),
    {
      ...node('publint', fromPackage('publint/src/cli.js'), 'run', '--strict', tarball ?? ''),
      skip: unbuilt
    },
    {
      ...node(
        'attw',
        fromPackage('@arethetypeswrong/cli/dist/index.js'),
        '--profile=esm-only',
        tarball ?? ''
      ),
      skip: unbuilt
    },
    node('typedoc', fromPackage('typedoc/bin/typedoc'), '--emit', 'none', '--treatWarningsAsErrors'),
    system('bash', 'bash', '-n', ...shell),
    system('shellcheck', 'shellcheck', ...shell)
  ]
}

/** @param {Check} check @returns {Promise<boolean>} */
function perform({ name, program, args }) {
  return new Promise((resolve) => {
    const start = performance.now()
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    /** @type {Buffer[]} */
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) => output.push(Buffer.from(`${error.message}\n`)))
    child.on('close', (code) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      console.log(`${code === 0 ? 'passed ' : 'FAILED '} ${name} (${seconds} s)`)
      if (code !== 0) process.stdout.write(Buffer.concat(output))
      resolve(code === 0)
    })
  })
}

const wanted = process.argv.slice(2)
const queue = checks().filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const counts = { passed: 0, failed: 0, skipped: 0 }

async function work() {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    if (check.skip !== undefined) {
      console.log(`skipped ${check.name}: ${check.skip}`)
      counts.skipped += 1
    } else if (await perform(check)) counts.passed += 1
    else counts.failed += 1
  }
}

await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work))
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed === 0 ? 0 : 1
