import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  MemoryStore,
  claimRole,
  currentProcess,
  releaseRole,
  roleOwner
} from '../../../../src/container/state/index.js'
import { parseStartTime } from '../../../../src/container/state/process-identity.js'

const self = currentProcess()
const dead = { ...self, startTime: self.startTime - 1 }
/** The process that started this one, which outlives it. */
const parent = {
  ...self,
  pid: process.ppid,
  startTime: parseStartTime(readFileSync(`/proc/${process.ppid}/stat`, 'utf8'))!
}

describe('a role', () => {
  it('goes to the first who claims it', async () => {
    const store = new MemoryStore()
    expect(store.read((tx) => roleOwner(tx, 'name-service'))).toBeUndefined()
    expect(await store.write((tx) => claimRole(tx, 'name-service'))).toBeUndefined()
    expect(store.read((tx) => roleOwner(tx, 'name-service'))).toEqual(self)
    expect(await store.write((tx) => claimRole(tx, 'name-service', parent))).toEqual(self)
    // By itself again, as by a second runtime in the same process.
    expect(await store.write((tx) => claimRole(tx, 'name-service'))).toEqual(self)
    expect(await store.write((tx) => claimRole(tx, 'other-role', parent))).toBeUndefined()
  })

  it('is given up by its owner alone', async () => {
    const store = new MemoryStore()
    await store.write((tx) => claimRole(tx, 'name-service'))
    expect(await store.write((tx) => releaseRole(tx, 'name-service', parent))).toBe(false)
    expect(await store.write((tx) => releaseRole(tx, 'name-service'))).toBe(true)
    expect(await store.write((tx) => releaseRole(tx, 'name-service'))).toBe(false)
    expect(await store.write((tx) => claimRole(tx, 'name-service', parent))).toBeUndefined()
  })

  it('is taken over from a dead process', async () => {
    const store = new MemoryStore()
    await store.write((tx) => claimRole(tx, 'name-service', dead))
    expect(store.read((tx) => roleOwner(tx, 'name-service'))).toBeUndefined()
    expect(await store.write((tx) => claimRole(tx, 'name-service'))).toBeUndefined()
    expect(store.read((tx) => roleOwner(tx, 'name-service'))).toEqual(self)
    expect(await store.write((tx) => releaseRole(tx, 'name-service', dead))).toBe(false)
  })
})
