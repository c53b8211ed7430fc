import { readdir } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { NetworkNamespace, NetworkStack } from '../../../src/index.js'
import { testNamespace } from '../../setup/namespace.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const emulated = process.env['VM_RUN_GUEST'] !== undefined
const cycles = emulated ? 1000 : 10_000
const namespaces = emulated ? 100 : 1000

async function usage(): Promise<{ descriptors: number; threads: number; memory: number }> {
  for (let i = 0; i < 4; i++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const [descriptors, threads] = await Promise.all([readdir('/proc/self/fd'), readdir('/proc/self/task')])
  return { descriptors: descriptors.length, threads: threads.length, memory: process.memoryUsage.rss() }
}

/** Runs `cycle` so often that what it leaves behind would show. */
async function expectNoGrowth(count: number, cycle: () => Promise<void>): Promise<void> {
  for (let i = 0; i < count / 5; i++) await cycle()
  const before = await usage()
  for (let i = 0; i < count; i++) await cycle()
  const after = await usage()
  console.log(`${count} cycles: ${JSON.stringify(before)} → ${JSON.stringify(after)}`)
  // A connection lives until its worker has let go of it.
  await expect.poll(async () => (await usage()).descriptors).toBeLessThanOrEqual(before.descriptors)
  // The pool has at most four workers, which end by themselves.
  expect(after.threads).toBeLessThanOrEqual(before.threads + 4)
  expect(after.memory - before.memory).toBeLessThan(32 << 20)
}

describe('leaks', () => {
  it(
    `leaves nothing after ${cycles} times open, list, close`,
    async () => {
      await using namespace = await testNamespace()
      const cycle = async (): Promise<void> => {
        const stack = await NetworkStack.open({ namespace: { path: namespace.path } })
        expect((await stack.links.list()).length).toBe(1)
        for await (const link of stack.links.iterate()) if (link.index === 1) break
        await stack.close()
      }
      await expectNoGrowth(cycles, cycle)
    },
    emulated ? 600_000 : 120_000
  )

  it(
    `leaves nothing after ${namespaces} times create and remove a namespace`,
    async () => {
      await expectNoGrowth(namespaces, async () => {
        const namespace = await NetworkNamespace.create('leaks')
        await namespace.close()
        await NetworkNamespace.remove('leaks')
      })
      expect(await readdir('/run/netns')).not.toContain('leaks')
    },
    emulated ? 600_000 : 120_000
  )

  it(
    'leaves nothing after packed routes that came and went, and streams of them that were left',
    async () => {
      await using namespace = await testNamespace()
      await using stack = await NetworkStack.open({ namespace: { path: namespace.path } })
      await stack.links.set('lo', { up: true })
      const columns = {
        family: 'inet6',
        destination: Uint8Array.from({ length: 16 * 500 }, (_, i) => [0xfd, 1, i >> 12, i >> 4][i % 16] ?? 0),
        prefixLength: 32,
        link: 'lo',
        table: 500
      } as const
      const cycle = async (): Promise<void> => {
        expect(await stack.routes.addPacked(columns)).toMatchObject({ applied: 500, failures: [] })
        for await (const part of stack.routes.iteratePacked({ family: 'inet6', table: 500 }))
          if (part.length > 0) break
        const refused = await stack.routes.addPacked(columns, { ifExists: 'skip' })
        expect(refused.unchanged).toBe(500)
        expect(await stack.routes.deletePacked(columns)).toMatchObject({ applied: 500 })
      }
      await expectNoGrowth(emulated ? 100 : 400, cycle)
    },
    emulated ? 600_000 : 120_000
  )
})
