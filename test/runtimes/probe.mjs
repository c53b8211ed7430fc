// Run by each runtime as it stands: what does it see through netloom, imported and required?
import { createRequire } from 'node:module'
import * as imported from '../../dist/index.js'

const { NetworkNamespace, NetworkStack } = imported
const required = createRequire(import.meta.url)('../../dist/index.js')

const stack = await NetworkStack.open()
const links = await stack.links.list()
await stack.close()

console.log(
  JSON.stringify({
    runtime: process.versions,
    same: required.NetworkStack === NetworkStack && required.NetworkNamespace === NetworkNamespace,
    links: links.map((link) => link.name)
  })
)
