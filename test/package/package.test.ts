/**
 * The package as it is published: packed, installed elsewhere without running any install script, and used
 * from there. `npm run prebuilds` and `npm run build:ts` are run first.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kernelTrouble } from '../../scripts/kernel.js'
import { needsProgram } from '../setup/requirements.js'

const root = join(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(join(tmpdir(), 'netloom-package-'))
const installed = join(scratch, 'node_modules', 'netloom')

interface Packed {
  filename: string
  files: { path: string }[]
}

let packed: Packed

/** Runs a program in the folder where the package is installed; its output. */
function run(program: string, args: string[], cwd = scratch): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: status ${status}\n${stdout}${stderr}`)
  return stdout
}

const node = (code: string, type = 'module') =>
  run(process.execPath, [`--input-type=${type}`, '--eval', code])

beforeAll(() => {
  run(process.execPath, ['scripts/prebuilds.js'], root)
  run(process.execPath, ['scripts/build-ts.js'], root)
  const output = run('npm', ['pack', '--json', '--ignore-scripts', `--pack-destination=${scratch}`], root)
  // npm 12 names the entries, npm 11 lists them.
  packed = (Object.values(JSON.parse(output) as object) as Packed[])[0] as Packed
  writeFileSync(join(scratch, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  run('npm', [
    'install',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    join(scratch, packed.filename)
  ])
})

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the tarball', () => {
  it('holds what a user needs and nothing else', () => {
    const paths = packed.files.map((file) => file.path)
    expect(paths).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'CHANGELOG.md',
        'dist/index.js',
        'dist/index.d.ts',
        'src/index.ts'
      ])
    )
    expect(paths.filter((path) => path.endsWith('.node'))).toEqual([
      expect.stringMatching(`^prebuilds/linux-${process.arch}/netloom\\.(glibc|musl)\\.node$`)
    ])
    const top = new Set(paths.map((path) => path.split('/')[0]))
    expect([...top].sort()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'prebuilds', 'src'].sort()
    )
  })

  it('has no script that npm would run at the user', () => {
    const { scripts, gypfile } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
      gypfile: boolean
    }
    expect(scripts).not.toHaveProperty('preinstall')
    expect(scripts).not.toHaveProperty('install')
    expect(scripts).not.toHaveProperty('postinstall')
    expect(gypfile).toBe(false)
  })
})

describe('the installed package', () => {
  const current = 'const { inode } = await NetworkNamespace.current(); console.log(inode)'
  const inode = () => `${statSync('/proc/self/ns/net').ino}\n`

  it('loads its prebuild when imported', () => {
    expect(node(`import { NetworkNamespace } from 'netloom'; ${current}`)).toBe(inode())
  })

  it('loads its prebuild when required', () => {
    const code = `const { NetworkNamespace } = require('netloom'); (async () => { ${current} })()`
    expect(node(code, 'commonjs')).toBe(inode())
  })

  it('lists the links', ({ skip }) => {
    const trouble = kernelTrouble()
    skip(trouble !== undefined, trouble)
    const code = `
      import { NetworkStack } from 'netloom'
      const stack = await NetworkStack.open()
      console.log((await stack.links.list()).some((link) => link.name === 'lo'))
      await stack.close()`
    expect(node(code)).toBe('true\n')
  })

  it('brings the command', ({ skip }) => {
    const command = join(scratch, 'node_modules/.bin/netloom')
    expect(run(command, ['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/)
    const trouble = kernelTrouble()
    skip(trouble !== undefined, trouble)
    expect(JSON.parse(run(command, ['link', 'show', 'lo', '--json']))).toMatchObject([{ name: 'lo' }])
  })

  it('draws a topology', () => {
    const code = `import { renderTree } from 'netloom/topology'; console.log(renderTree({ namespaces: [] }) === '')`
    expect(node(code)).toBe('true\n')
  })

  it('is one module, however it is loaded', () => {
    const code = `
      import * as imported from 'netloom'
      import { createRequire } from 'node:module'
      const required = createRequire(process.cwd() + '/x.js')('netloom')
      console.log(imported.NetworkStack === required.NetworkStack)`
    expect(node(code)).toBe('true\n')
  })

  it('has container networks, which need lmdb for a state directory alone', ({ skip }) => {
    const trouble = kernelTrouble()
    skip(trouble !== undefined, trouble)
    const code = `
      import { NetworkNamespace } from 'netloom'
      import { ContainerNetworks } from 'netloom/container'
      const host = await NetworkNamespace.create()
      const container = await ContainerNetworks.open({ host })
      console.log((await container.networks.list()).map(({ name }) => name).join())
      await container.close()
      await ContainerNetworks.open({ host, stateDirectory: '${scratch}/state' }).catch((error) =>
        console.log(error.code, error.message.includes('npm install lmdb')))
      await host.close()`
    const program = join(scratch, 'container.mjs')
    writeFileSync(program, code)
    const isolated = run(process.execPath, ['scripts/isolated.js', process.execPath, program], root)
    expect(isolated).toBe('bridge,host,none\nERR_STATE_DIRECTORY true\n')
  })

  it.each(['darwin', 'win32'])('imports on %s and says at the first call that it needs Linux', (platform) => {
    const code = `
      Object.defineProperty(process, 'platform', { value: '${platform}' })
      const { NetworkStack } = await import('netloom')
      await NetworkStack.open().catch((error) => console.log(error.code, error.message))`
    expect(node(code)).toBe(`ERR_UNSUPPORTED_PLATFORM netloom needs Linux; this is ${platform}\n`)
  })
})

describe('the prebuilt addon', () => {
  needsProgram('readelf')

  const addon = () => {
    const folder = join(installed, 'prebuilds', `linux-${process.arch}`)
    return join(folder, readdirSync(folder)[0] as string)
  }

  it('exports two symbols', () => {
    const exported = run('readelf', ['--dyn-syms', '--wide', addon()])
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([, , , , binding, , section]) => (binding === 'GLOBAL' || binding === 'WEAK') && section !== 'UND'
      )
      .map((fields) => fields[7])
    expect(exported.sort()).toEqual(['napi_register_module_v1', 'node_api_module_get_api_version_v1'])
  })

  it('needs no C++ library of the machine and is never unloaded', () => {
    const dynamic = run('readelf', ['--dynamic', '--wide', addon()])
    const needed = [...dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map((match) => match[1])
    expect(needed).toContain('libc.so.6')
    for (const library of needed)
      expect(library).toMatch(/^(libc|libm|ld-linux-[\w-]+|libpthread|libdl)\.so\.\d+$/)
    expect(dynamic).toMatch(/NODELETE/)
  })

  it('carries no debugging symbols', () => {
    expect(run('readelf', ['--sections', '--wide', addon()])).not.toMatch(/\.debug_|\.symtab/)
  })
})
