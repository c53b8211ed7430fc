/**
 * npm runs this after `npm install` and `npm ci` here, and before it packs: everything that a clone needs to
 * work. The published package has no install script; it carries prebuilt addons.
 */
import { run } from './run.js'

run(process.execPath, ['scripts/build-native.js'])
run(process.execPath, ['scripts/build-ts.js'])
