import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { NetworkStack } from '../../../src/index.js'
import { testNamespace } from '../../setup/namespace.js'
import { needsProgram } from '../../setup/requirements.js'

describe('the event loop', () => {
  needsProgram('ip')

  it('goes on while another process holds the routing lock', async () => {
    await using namespace = await testNamespace()
    await using busy = await testNamespace()
    await using stack = await NetworkStack.open({ namespace: { path: namespace.path } })
    await using other = await NetworkStack.open({ namespace: { path: busy.path } })
    const names = Array.from({ length: 200 }, (_, i) => `v${i}`)
    await other.links.addMany(
      names.map((name) => ({ kind: 'veth', name, up: true, peer: { name: `p${name}`, up: true } }))
    )

    const delay = monitorEventLoopDelay({ resolution: 1 })
    const ip = spawn('nsenter', [`--net=${busy.path}`, 'ip', '-batch', '-'], {
      stdio: ['pipe', 'inherit', 'inherit']
    })
    const ended = once(ip, 'exit')
    let running = true
    void ended.then(() => (running = false))
    ip.stdin.end(names.map((name) => `link delete dev ${name}\n`).join(''))

    let ticks = 0
    const ticking = setInterval(() => ticks++, 5)
    delay.enable()
    let calls = 0
    let longest = 0
    const ticksOfLongRounds: number[] = []
    while (running) {
      const began = performance.now()
      const ticked = ticks
      // Adding an address takes the routing lock, so this waits for the other process again and again.
      const address = `10.0.${(calls >> 8) & 255}.${calls & 255}/32`
      await Promise.all([stack.addresses.add('lo', address), stack.links.list(), stack.links.get('lo')])
      const took = performance.now() - began
      longest = Math.max(longest, took)
      if (took > 100) ticksOfLongRounds.push(ticks - ticked)
      calls++
    }
    delay.disable()
    clearInterval(ticking)
    expect(await ended).toEqual([0, null])
    const figure = (nanoseconds: number): string => `${(nanoseconds / 1e6).toFixed(1)} ms`
    console.log(
      `${calls} rounds of calls, the longest ${longest.toFixed(0)} ms; event loop delay: ` +
        `mean ${figure(delay.mean)}, 99 % ${figure(delay.percentile(99))}, max ${figure(delay.max)}`
    )
    expect(calls).toBeGreaterThan(0)
    expect(ticks).toBeGreaterThan(0)
    // While calls wait long for the lock, the timer goes on ticking. (A busy machine may delay all of it at times.)
    const blocked = ticksOfLongRounds.filter((count) => count < 2).length
    expect(blocked).toBeLessThanOrEqual(ticksOfLongRounds.length / 2)
    expect((await stack.addresses.list({ link: 'lo' })).length).toBe(calls)
  })

  it('has its turns during a huge batch and a huge listing', async () => {
    await using namespace = await testNamespace()
    await using stack = await NetworkStack.open({ namespace: { path: namespace.path } })
    const count = process.env['VM_RUN_GUEST'] === undefined ? 30_000 : 5000
    const batch = stack.batch()
    for (let i = 0; i < count; i++)
      batch.routes.add({ type: 'blackhole', destination: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32` })
    const failing = stack.batch()
    for (let i = 0; i < count; i++)
      failing.routes.add({ type: 'blackhole', destination: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32` })
    let ticks = 0
    const ticking = setInterval(() => ticks++, 1)
    const turns = async (name: string, work: () => Promise<unknown>): Promise<void> => {
      const delay = monitorEventLoopDelay({ resolution: 1 })
      ticks = 0
      delay.enable()
      const began = performance.now()
      await work()
      const took = performance.now() - began
      delay.disable()
      console.log(
        `${name}: ${took.toFixed(0)} ms, ${ticks} turns, longest delay ${(delay.max / 1e6).toFixed(1)} ms`
      )
      expect(ticks).toBeGreaterThan(2)
    }
    await turns(`${count} adds`, () => batch.commit())
    await turns(`${count} failures`, () => failing.commit())
    await turns(`${count} listed`, () => stack.routes.list())
    await turns(`${count} streamed`, async () => {
      let seen = 0
      for await (const route of stack.routes.iterate()) if (route.type === 'blackhole') seen++
      expect(seen).toBe(count)
    })
    clearInterval(ticking)
  })
})
