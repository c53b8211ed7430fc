import { MemoryStore } from '../../../../src/container/state/index.js'
import { describeStore } from './store-contract.js'

describeStore('MemoryStore', async () => new MemoryStore())
