/**
 * The package as it is published: packed, installed elsewhere without running any install script, and used
 * from there. `npm run prebuilds` and `npm run build:ts` are run first.
 */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isolation } from '../../scripts/isolation.js'
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

/** Installs packages in a folder, without running any script of theirs. */
function install(folder: string, ...packages: string[]): void {
  const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund']
  run('npm', ['install', ...options, ...packages], folder)
}

/** Runs a module of a folder in namespaces of its own; its output. */
function runIsolated(folder: string, code: string): string {
  const program = join(folder, 'isolated.mjs')
  writeFileSync(program, code)
  return run(process.execPath, ['scripts/isolated.js', process.execPath, program], root)
}

/** Why there can be no container networks here. */
function withoutContainers(): string | undefined {
  const way = isolation()
  if ('reason' in way) return way.reason
  const answer = runIsolated(
    scratch,
    `
    import { NetworkStack } from 'netloom'
    const stack = await NetworkStack.open()
    for (const kind of ['bridge', 'veth']) {
      await stack.links.add({ kind, name: kind }).catch((error) => console.log(kind, error.message))
    }
    await stack.nftables.tables.list().catch((error) => console.log('nftables', error.message))
    await stack.close()`
  )
  return answer === '' ? undefined : `the kernel lacks something: ${answer.trim()}`
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
  install(scratch, join(scratch, packed.filename))
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

  it.each(['netloom', 'netloom/container', 'netloom/topology'])(
    '%s is one module, imported and required',
    (name) => {
      const code = `
        import * as imported from '${name}'
        import { createRequire } from 'node:module'
        const required = createRequire(process.cwd() + '/x.js')('${name}')
        const names = Object.keys(imported).filter((name) => name !== 'default' && name !== 'module.exports')
        console.log(names.length > 0, names.filter((name) => imported[name] !== required[name]).join())`
      expect(node(code)).toBe('true \n')
    }
  )

  it('has types, for importing and requiring, that need nothing else', () => {
    const code = `
      import { NetworkStack, type Link } from 'netloom'
      import { ContainerNetworks, type Endpoint, type NetworkDriver, type Sandbox } from 'netloom/container'
      import { readTopology, renderTree, type Topology } from 'netloom/topology'
      export async function connect(sandbox: Sandbox, networks: ContainerNetworks): Promise<string | undefined> {
        const endpoint: Endpoint = await sandbox.connect((await networks.networks.create({ name: 'web' })).name)
        // @ts-expect-error -- so that nothing is of type any.
        sandbox.nonsense()
        return endpoint.address
      }
      export const tree = async (): Promise<string> => {
        const topology: Topology = await readTopology()
        return renderTree(topology)
      }
      export const links = async (stack: NetworkStack): Promise<readonly Link[]> => stack.links.list()
      export type Drivers = readonly NetworkDriver[]`
    const files = ['types.mts', 'types.cts']
    for (const file of files) writeFileSync(join(scratch, file), code)
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node']
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, ...files])
  })

  it('connects sandboxes without lmdb, which a state directory alone needs', ({ skip }) => {
    const reason = withoutContainers()
    skip(reason !== undefined, reason)
    const code = `
      import { NetworkNamespace } from 'netloom'
      import { ContainerNetworks } from 'netloom/container'
      const host = await NetworkNamespace.create()
      const container = await ContainerNetworks.open({ host })
      const { networks, sandboxes } = container
      await networks.create({ name: 'web', pools: [{ subnet: '10.88.0.0/24' }] })
      const sandbox = await sandboxes.create({ name: 'box' })
      const { address, gateway } = await sandbox.connect('web', { ports: ['8080:80'] })
      console.log(address, gateway, (await networks.list()).map(({ name }) => name).join())
      const { exited } = await sandbox.spawn(process.execPath, ['-e', \`
        require('node:dns').resolve4('box', (error, found) => console.log(error ? error.code : found.join()))\`], { stdio: 'inherit' })
      console.log((await exited).code)
      await container.close()
      await ContainerNetworks.open({ host, stateDirectory: '${scratch}/state' }).catch((error) =>
        console.log(error.code, error.message.includes('npm install lmdb')))
      await host.close()`
    expect(runIsolated(scratch, code).split('\n')).toEqual([
      '10.88.0.2/24 10.88.0.1 bridge,host,none,web',
      '10.88.0.2',
      '0',
      'ERR_STATE_DIRECTORY true',
      ''
    ])
    expect(existsSync(join(scratch, 'node_modules', 'lmdb'))).toBe(false)
  })

  it('brings the commands for sandboxes, which say that they need lmdb', ({ skip }) => {
    const { reason } = { reason: undefined, ...isolation() }
    skip(reason !== undefined, reason)
    const words = [
      join(scratch, 'node_modules/.bin/netloom'),
      '--state',
      join(scratch, 'state'),
      'network',
      'ls'
    ]
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/isolated.js', ...words], {
      cwd: root,
      encoding: 'utf8'
    })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^netloom: .*npm install lmdb[^\n]*\n$/)
  })

  it.each(['darwin', 'win32'])('imports on %s and says at the first call that it needs Linux', (platform) => {
    const code = `
      Object.defineProperty(process, 'platform', { value: '${platform}' })
      const { NetworkStack } = await import('netloom')
      await NetworkStack.open().catch((error) => console.log(error.code, error.message))`
    expect(node(code)).toBe(`ERR_UNSUPPORTED_PLATFORM netloom needs Linux; this is ${platform}\n`)
  })
})

describe('the installed package with lmdb', () => {
  it('remembers networks and sandboxes from one command to the next', ({ skip }) => {
    const reason = withoutContainers()
    skip(reason !== undefined, reason)
    const folder = join(scratch, 'with-lmdb')
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>
    }
    install(folder, join(scratch, packed.filename), `lmdb@${devDependencies['lmdb']}`)
    const session = `
      netloom() { '${folder}/node_modules/.bin/netloom' "$@"; }
      set -e
      netloom network create --subnet 10.88.0.0/24 web >/dev/null
      netloom sandbox create --network web -p 8080:80 box >/dev/null
      netloom port box
      netloom sandbox exec box cat /etc/hosts
      netloom sandbox rm -f box
      netloom network rm web`
    const command = ['env', `NETLOOM_STATE=${folder}/state`, 'sh', '-c', session]
    const printed = run(process.execPath, ['scripts/isolated.js', ...command], root)
    expect(printed).toMatch(/^80\/tcp -> 0\.0\.0\.0:8080\n/)
    expect(printed).toContain('10.88.0.2\t')
    expect(printed).toMatch(/\nbox\nweb\n$/)
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
