// For npm on a kernel that lost its routing lock (see .ci/run): npm lists the links at each start and would
// hang for ever. It only wants the addresses as values for an option that nobody sets here.
require('node:os').networkInterfaces = () => ({})
require('node:module').syncBuiltinESMExports()
