import { describe, expect, it } from 'vitest'
import { binding } from '../../../src/binding.js'
import { testNamespace } from '../../setup/namespace.js'
import * as message from './messages.js'
import { needsPlainAddon } from './plain.js'

const RTNLGRP_LINK = 1
const RTNLGRP_IPV4_ROUTE = 7

describe('subscription', () => {
  needsPlainAddon()

  it('delivers events in order, and nothing once closed', async () => {
    await using ns = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    const subscription = await binding().openSubscription({ protocol: 0, namespace: ns.native }, [
      RTNLGRP_LINK
    ])
    const pending = subscription.read()
    expect(() => subscription.read()).toThrow('pending')
    await socket.exchange(message.setLoopback(true), undefined, 1)
    await socket.exchange(message.setLoopback(false), undefined, 2)
    const found = message.messages((await pending)?.messages ?? new Uint8Array())
    while (found.length < 2) {
      found.push(...message.messages((await subscription.read())?.messages ?? new Uint8Array()))
    }
    expect(found.every(({ type }) => type === message.RTM_NEWLINK)).toBe(true)
    const last = subscription.read()
    await subscription.close()
    expect(await last).toBeUndefined()
    expect(await subscription.read()).toBeUndefined()
    await subscription.close()
    await socket.close()
  })

  it('says that events were dropped, and goes on', async () => {
    await using ns = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    const subscription = await binding().openSubscription(
      { protocol: 0, namespace: ns.native, receiveBuffer: 4096 },
      [RTNLGRP_IPV4_ROUTE]
    )
    expect(subscription.receiveBuffer).toBeLessThan(16_384)
    // More than is read ahead: the kernel has nowhere to put them, however fast they are fetched.
    const routes = 40_000
    await socket.exchange(message.many(routes, message.newRoute), undefined, 1)
    let count = 0
    let overrun = false
    while (!overrun) {
      const events = await subscription.read()
      count += message.messages(events?.messages ?? new Uint8Array()).length
      overrun = events?.overrun ?? true
    }
    expect(count).toBeLessThan(routes)
    const next = subscription.read()
    await socket.exchange(message.newRoute(100_000), undefined, 2)
    expect(await next).toBeDefined()
    await subscription.close()
    await socket.close()
  })

  it('loses nothing that fits in its buffer', async () => {
    await using ns = await testNamespace()
    const socket = await binding().openSocket({ protocol: 0, namespace: ns.native })
    const subscription = await binding().openSubscription(
      { protocol: 0, namespace: ns.native, receiveBuffer: 32 << 20 },
      [RTNLGRP_IPV4_ROUTE]
    )
    // Without the right to force the size it is limited, and events are then dropped.
    const routes = subscription.receiveBuffer > 16 << 20 ? 5000 : 50
    await socket.exchange(message.many(routes, message.newRoute), undefined, 1)
    let count = 0
    while (count < routes) {
      const events = await subscription.read()
      expect(events?.overrun).toBe(false)
      count += message.messages(events?.messages ?? new Uint8Array()).length
    }
    expect(count).toBe(routes)
    await subscription.close()
    await socket.close()
  })

  it('refuses a group that cannot be', async () => {
    await using ns = await testNamespace()
    const options = { protocol: 0, namespace: ns.native }
    await expect(binding().openSubscription(options, [9999])).rejects.toMatchObject({
      errno: -22,
      syscall: 'setsockopt'
    })
    expect(() => binding().openSubscription(options, [0])).toThrow(TypeError)
  })
})
