/** Formats everything: Prettier for what it knows, clang-format for C++. */
import { run, runPackage } from './run.js'
import { cppFiles } from './sources.js'

runPackage('prettier/bin/prettier.cjs', ['--write', '--log-level=warn', '.'])
const files = cppFiles()
if (files.length > 0) run('clang-format', ['-i', ...files])
