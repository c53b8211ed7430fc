/**
 * Does random things on a state directory, from its first word on until the second, or until it is killed:
 * worker.ts HOST DIRECTORY SEED SERVES.
 */
import { createInterface } from 'node:readline'
import { ContainerNetworks } from '../../../../src/container/index.js'
import { NetworkNamespace } from '../../../../src/index.js'
import { act, randomOf } from './actions.js'

const [path, stateDirectory, seed, serves] = process.argv.slice(2) as [string, string, string, string]
const words = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
await words.next()
const host = await NetworkNamespace.open({ path })
console.log('open')
const networks = await ContainerNetworks.open({ host, stateDirectory, nameService: serves === 'true' })
console.log('ready')

const random = randomOf(Number(seed))
let working = true
const work = async (): Promise<void> => {
  while (working) await act(networks, random)
}
const loops = Promise.all([work(), work(), work()])
// What goes wrong ends the process at once.
loops.catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
await words.next()
working = false
await loops
await networks.close()
process.exit(0)
