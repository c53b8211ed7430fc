/**
 * A clone compiles where nobody knows Node.js's headers: npm has no `nodedir`, none lie beside the running
 * Node.js, and there is no network to fetch them from.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { kernelTrouble } from '../../scripts/kernel.js'

const root = join(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(join(tmpdir(), 'netloom-compile-'))

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

it('compiles the addon without a header folder and without a network', ({ skip }) => {
  const trouble = kernelTrouble()
  skip(trouble !== undefined, trouble)
  const offline = ['unshare', process.getuid?.() === 0 ? '-n' : '-rn']
  skip(
    spawnSync(offline[0] as string, [...offline.slice(1), 'true']).status !== 0,
    'no network namespace can be made here'
  )

  const clone = join(scratch, 'clone')
  mkdirSync(clone)
  for (const part of ['package.json', 'binding.gyp', 'native', 'scripts']) {
    cpSync(join(root, part), join(clone, part), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
  const node = join(scratch, 'bin', 'node')
  mkdirSync(join(scratch, 'bin'))
  copyFileSync(process.execPath, node)

  const output = execFileSync(offline[0] as string, [...offline.slice(1), node, 'scripts/build-native.js'], {
    cwd: clone,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: scratch }
  })
  expect(output).toContain(`with the headers in ${join(clone, 'build', 'headers')}`)
  expect(existsSync(join(clone, 'build/Release/netloom.node'))).toBe(true)
})
