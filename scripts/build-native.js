/**
 * Compiles the addon to build/Release/netloom.node with node-gyp and binding.gyp. Arguments are passed on
 * to node-gyp: `npm run build:native -- --debug`.
 */
import { headers } from './headers.js'
import { runPackage } from './run.js'

if (process.platform !== 'linux') {
  console.log(`netloom's addon is for Linux alone: nothing to compile on ${process.platform}`)
  process.exit(0)
}
const nodedir = headers()
console.log(`Compiling the addon with the headers in ${nodedir}`)
runPackage('node-gyp/bin/node-gyp.js', [
  'configure',
  'build',
  `--nodedir=${nodedir}`,
  '-j',
  'max',
  '--loglevel=warn',
  ...process.argv.slice(2)
])
