/**
 * For npm on a kernel that lost its routing lock (kernel.js), loaded with `--import`: npm lists the links at
 * each start and would hang for ever. It only wants their addresses as values for an option that nobody sets.
 */
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'

os.networkInterfaces = () => ({})
syncBuiltinESMExports()
