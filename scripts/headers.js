/**
 * Where the compiler finds Node.js's headers, without a network:
 * 1. the folder that npm or node-gyp is configured with (`nodedir`),
 * 2. the headers beside the running Node.js, as in its tarballs and most packages of it,
 * 3. a folder put together here from the package node-api-headers. Node-API is all that the addon uses.
 */
import { cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { root } from './run.js'

/**
 * A folder that holds include/node/node_api.h and include/node/common.gypi, as node-gyp's --nodedir.
 * @returns {string}
 */
export function headers() {
  const candidates = [process.env['npm_config_nodedir'], dirname(dirname(realpathSync(process.execPath)))]
  for (const folder of candidates) if (folder && isComplete(folder)) return folder
  return assemble(join(root, 'build', 'headers'))
}

/** @param {string} folder */
function isComplete(folder) {
  return ['node_api.h', 'common.gypi'].every((file) => existsSync(join(folder, 'include', 'node', file)))
}

/** @param {string} folder */
function assemble(folder) {
  const { include_dir: source } = /** @type {{ include_dir: string }} */ (
    createRequire(import.meta.url)('node-api-headers')
  )
  const target = join(folder, 'include', 'node')
  mkdirSync(target, { recursive: true })
  cpSync(source, target, { recursive: true })
  writeFileSync(join(target, 'common.gypi'), commonGypi)
  writeFileSync(join(target, 'config.gypi'), configGypi)
  return folder
}

/** What node-gyp expects of every header folder: the same flags that Node.js's own file gives on Linux. */
const commonGypi = `{
  'target_defaults': {
    'default_configuration': 'Release',
    'configurations': {
      'Debug': { 'defines': ['DEBUG', '_DEBUG'], 'cflags': ['-g', '-O0'] },
      'Release': { 'cflags': ['-O3', '-fno-omit-frame-pointer'] }
    },
    'cflags': ['-pthread', '-Wall', '-Wextra', '-Wno-unused-parameter'],
    'cflags_cc': ['-fno-rtti', '-fno-exceptions', '-std=gnu++17'],
    'defines': ['_GLIBCXX_USE_CXX11_ABI=1', '_FILE_OFFSET_BITS=64', '__STDC_FORMAT_MACROS'],
    'ldflags': ['-pthread', '-rdynamic']
  }
}
`

/** Says nothing: there is no particular Node.js that the addon is compiled for. */
const configGypi = "{ 'target_defaults': {}, 'variables': {} }\n"
