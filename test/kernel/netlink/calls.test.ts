import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { NetworkStack } from '../../../src/index.js'
import { NetlinkConnection } from '../../../src/netlink/index.js'
import type { DumpRequest, Operation } from '../../../src/netlink/index.js'
import { resolveLinkNames } from '../../../src/rtnetlink/link-lookup.js'
import { linkDump } from '../../../src/rtnetlink/link/index.js'
import { descriptorsAtRest, descriptorsBack } from '../../setup/descriptors.js'
import { testNamespace } from '../../setup/namespace.js'

async function open(namespace: { path: string }, options: { timeout?: number } = {}): Promise<NetworkStack> {
  return NetworkStack.open({ namespace: { path: namespace.path }, ...options })
}

describe('many calls at once', () => {
  it('answers each of 200 concurrent calls on one stack with its own result', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const names = Array.from({ length: 20 }, (_, i) => `v${i}`)
    await stack.links.addMany(names.map((name) => ({ kind: 'veth', name, peer: { name: `p${name}` } })))
    await Promise.all(names.map((name, i) => stack.addresses.add(name, `10.0.${i}.1/24`)))

    const calls = Array.from({ length: 200 }, async (_, i) => {
      const name = names[i % 20]!
      switch (i % 4) {
        case 0:
          expect((await stack.links.get(name)).name).toBe(name)
          return
        case 1:
          expect((await stack.links.list()).map((link) => link.name)).toEqual(expect.arrayContaining(names))
          return
        case 2: {
          const listed = await stack.addresses.list({ link: name })
          expect(listed.map(({ address }) => address)).toEqual([`10.0.${i % 20}.1/24`])
          return
        }
        default:
          await expect(stack.links.get(`none${i}`)).rejects.toMatchObject({ code: 'ENODEV' })
      }
    })
    const results = await Promise.allSettled(calls)
    expect(results.filter((result) => result.status === 'rejected')).toEqual([])
  })

  it('works in 50 namespaces at once, each by itself', async () => {
    const namespaces = await Promise.all(Array.from({ length: 50 }, () => testNamespace()))
    try {
      const stacks = await Promise.all(namespaces.map((namespace) => open(namespace)))
      await Promise.all(
        stacks.map(async (stack, i) => {
          await stack.links.set('lo', { up: true })
          await stack.addresses.add('lo', `10.9.${i}.1/32`)
          const listed = await stack.addresses.list({ link: 'lo', family: 'inet' })
          expect(listed.map(({ address }) => address).sort()).toEqual([`10.9.${i}.1/32`, '127.0.0.1/8'])
        })
      )
      await Promise.all(stacks.map((stack) => stack.close()))
    } finally {
      for (const namespace of namespaces) namespace.close()
    }
  })
})

describe('a streamed dump', () => {
  it('lets requests be awaited inside its loop', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    await stack.links.addMany(
      Array.from({ length: 30 }, (_, i) => ({
        kind: 'veth' as const,
        name: `a${i}`,
        peer: { name: `b${i}` }
      }))
    )
    const seen: string[] = []
    for await (const link of stack.links.iterate()) {
      const again = await stack.links.get(link.index)
      expect(again.name).toBe(link.name)
      seen.push(link.name)
    }
    expect(seen).toHaveLength(61)
  })

  it('releases its socket at a break, an error in the loop, and its end', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const before = await descriptorsAtRest()
    for await (const link of stack.links.iterate()) if (link.name === 'lo') break
    await expect(
      (async () => {
        for await (const link of stack.links.iterate()) throw new Error(link.name)
      })()
    ).rejects.toThrow('lo')
    for await (const link of stack.links.iterate()) expect(link.index).toBe(1)
    await descriptorsBack(before)
  })

  it('can be stepped by hand: several steps at once, an early end, a late step', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    await fill(stack, 5000)
    const before = await descriptorsAtRest()
    const stream = stack.routes.iterate()
    const steps = await Promise.all(Array.from({ length: 100 }, () => stream.next()))
    expect(new Set(steps.map(({ value }) => value?.destination)).size).toBe(100)
    const [late, ended, after] = await Promise.all([stream.next(), stream.return(undefined), stream.next()])
    expect(late.done).toBe(false)
    expect([ended, after]).toEqual(Array(2).fill({ done: true, value: undefined }))
    await descriptorsBack(before)

    const reason = new Error('thrown in')
    const thrown = stack.routes.iterate()
    await thrown.next()
    await expect(thrown.throw(reason)).rejects.toBe(reason)
    expect(await thrown.next()).toEqual({ done: true, value: undefined })
    {
      await using never = stack.routes.iterate()
      expect(never[Symbol.asyncIterator]()).toBe(never)
    }
    await descriptorsBack(before)
  })

  it('ends with ERR_CLOSED when its stack is closed', async () => {
    await using namespace = await testNamespace()
    const stack = await open(namespace)
    // More than the kernel puts into one datagram, so that the stream is still under way.
    await fill(stack, 40_000)
    const reading = (async () => {
      let count = 0
      for await (const route of stack.routes.iterate()) {
        if (route !== undefined && ++count === 1) await stack.close()
      }
      return count
    })()
    await expect(reading).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })
})

describe('abort and timeout', () => {
  it('sends nothing for a signal that was aborted before', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const reason = new Error('changed my mind')
    const signal = AbortSignal.abort(reason)
    await expect(stack.addresses.add('lo', '10.0.0.1/24', { signal })).rejects.toBe(reason)
    await expect(stack.addresses.list({}, { signal })).rejects.toBe(reason)
    await expect(stack.batch().commit({ signal })).rejects.toBe(reason)
    expect(await stack.addresses.list()).toEqual([])
  })

  it('takes back what waits in the queue, and leaves no listener', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    await fill(stack, 20_000)
    const controller = new AbortController()
    const { signal } = controller
    // The dump waits for its reader, who gets no turn before the abort: what is behind it can't have been sent.
    const listing = stack.routes.list({}, { signal })
    const adding = stack.routes.add({ type: 'blackhole', destination: '192.0.2.1/32' }, { signal })
    controller.abort('enough')
    await expect(listing).rejects.toBe('enough')
    await expect(adding).rejects.toBe('enough')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    const found = await stack.routes.list()
    expect(found).toHaveLength(20_000)
  })

  it('rejects with ERR_TIMEOUT, and the socket goes on working', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    await fill(stack, 20_000)
    for (let i = 0; i < 5; i++) {
      await expect(stack.routes.list({}, { timeout: 1 })).rejects.toMatchObject({
        code: 'ERR_TIMEOUT',
        message: expect.stringMatching(/^routes.list took longer than 1 ms/) as string
      })
    }
    expect((await stack.links.get('lo')).index).toBe(1)
    expect(await stack.routes.list()).toHaveLength(20_000)
  })

  it("uses the stack's timeout, and names the caller's request also for a look-up", async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace, { timeout: 0 })
    await expect(stack.addresses.add('lo', '10.0.0.1/24')).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
      message: 'addresses.add took longer than 0 ms; it was not sent',
      outcomeUnknown: false
    })
    expect(await stack.addresses.list({}, { timeout: Infinity })).toEqual([])
  })
})

describe('close', () => {
  it('settles what is pending, and can be repeated', async () => {
    await using namespace = await testNamespace()
    const stack = await open(namespace)
    const calls = Array.from({ length: 50 }, (_, i) =>
      i % 2 === 0 ? stack.links.list() : stack.addresses.add('lo', `10.0.0.${i}/32`)
    )
    const settled = Promise.allSettled(calls)
    await Promise.all([stack.close(), stack.close()])
    await stack.close()
    for (const result of await settled) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ERR_CLOSED' })
    }
    await expect(stack.links.list()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(stack.addresses.add('lo', '10.0.0.1/8')).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(stack.batch().commit()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(stack.links.iterate().next()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  it('leaves a stack working whose namespace was deleted by name or handle', async () => {
    const namespace = await testNamespace()
    await using stack = await open(namespace)
    namespace.close()
    expect((await stack.links.list()).map((link) => link.name)).toEqual(['lo'])
    await expect(NetlinkConnection.open({ protocol: 0, namespace: namespace.native })).rejects.toMatchObject({
      code: 'ERR_CLOSED'
    })
  })
})

describe('errors', () => {
  it('tell the call, the request and the attribute, with a stack trace that leads to the caller', async () => {
    await using namespace = await testNamespace()
    await using stack = await open(namespace)
    const theCaller = async (): Promise<void> => {
      await stack.addresses.add('lo', '10.0.0.1/24')
      await stack.addresses.add('lo', '10.0.0.1/24')
    }
    const error: unknown = await theCaller().catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      name: 'NetlinkError',
      code: 'EEXIST',
      errno: -17,
      syscall: 'RTM_NEWADDR',
      request: { method: 'addresses.add', input: { link: 'lo' } }
    })
    expect((error as Error).stack).toContain('theCaller')
  })

  it('name the attribute that the kernel rejected', async () => {
    await using namespace = await testNamespace()
    const connection = await NetlinkConnection.open({
      protocol: 0,
      namespace: namespace.native,
      resolveNames: resolveLinkNames
    })
    const dump: DumpRequest<unknown> = { ...linkDump(connection, {}), read: (message) => message.type }
    expect(await connection.list(dump)).toEqual([16])
    const { schema } = dump
    // IFLA_LINKINFO { IFLA_INFO_KIND = "nosuch" }, then an IFLA_MTU of one byte.
    const operation: Operation<void> = {
      request: { method: 'test', input: undefined },
      syscall: 'RTM_NEWLINK',
      type: 16,
      flags: 0x600,
      schema,
      write(writer) {
        writer.zeros(16)
        const mtu = writer.beginAttribute(4)
        writer.u8(1)
        writer.endAttribute(mtu)
      }
    }
    await expect(connection.run(operation)).rejects.toMatchObject({ code: 'ERANGE', attribute: 'mtu' })
    await connection.close()
  })
})

async function fill(stack: NetworkStack, count: number): Promise<void> {
  const batch = stack.batch()
  for (let i = 0; i < count; i++) {
    batch.routes.add({ type: 'blackhole', destination: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32` })
  }
  const outcomes = await batch.commit()
  expect(outcomes.every(({ status }) => status === 'applied')).toBe(true)
}
