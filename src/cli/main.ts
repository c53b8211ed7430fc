#!/usr/bin/env node
import { run } from './run.js'
import { processTerminal } from './terminal.js'

// Not process.exit(): what was written may still be on its way.
process.exitCode = await run(process.argv.slice(2), processTerminal())
