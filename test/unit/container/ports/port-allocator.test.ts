import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PortAllocator, parsePorts } from '../../../../src/container/ports/index.js'
import type { HostPort, PortBinding, PortClaim, PortOptions } from '../../../../src/container/ports/index.js'
import { MemoryStore, putEndpoint, putSandbox } from '../../../../src/container/state/index.js'
import type { WriteTransaction } from '../../../../src/container/state/index.js'
import { endpointRecord, sandboxRecord } from '../records.js'

const allocator = new PortAllocator({ first: 40_000, last: 40_009 })
type Ports = readonly (PortOptions | string)[]

function testHost() {
  const store = new MemoryStore()
  return {
    store,
    take: (owner: string, ports: Ports, claim: Partial<PortClaim> = {}) =>
      store.write((tx) =>
        allocator.take(tx, parsePorts(ports), { owner, families: ['inet', 'inet6'], ...claim })
      ),
    release: (owner: string, ports: readonly HostPort[]) =>
      store.write((tx) => allocator.release(tx, owner, ports)),
    list: () => store.read((tx) => allocator.list(tx).map(show).sort())
  }
}
const show = ({ protocol, hostAddress, hostPort, ...rest }: HostPort) =>
  `${protocol} ${hostAddress} ${hostPort}${'owner' in rest ? ` ${rest.owner as string}` : ''}`
const shown = (bindings: readonly PortBinding[]) =>
  bindings.map((binding) => `${show(binding)} > ${binding.containerPort}`)

describe('taking ports', () => {
  it('publishes at every address of both families, with the same port', async () => {
    const { take, list } = testHost()
    expect(shown(await take('a', ['8080:80', '80/udp']))).toEqual([
      'tcp 0.0.0.0 8080 > 80',
      'tcp :: 8080 > 80',
      'udp 0.0.0.0 40000 > 80',
      'udp :: 40000 > 80'
    ])
    expect(list()).toEqual(['tcp 0.0.0.0 8080 a', 'tcp :: 8080 a', 'udp 0.0.0.0 40000 a', 'udp :: 40000 a'])
  })

  it('maps ranges one to one', async () => {
    const { take } = testHost()
    const bindings = await take('a', ['127.0.0.1:8000-8010:80-90/sctp'])
    expect(shown(bindings)).toEqual(
      Array.from({ length: 11 }, (_, i) => `sctp 127.0.0.1 ${8000 + i} > ${80 + i}`)
    )
    expect(shown(await take('a', ['80-82'], { families: ['inet'] }))).toEqual([
      'tcp 0.0.0.0 40000 > 80',
      'tcp 0.0.0.0 40001 > 81',
      'tcp 0.0.0.0 40002 > 82'
    ])
  })

  it('takes the first free port of a range that is longer', async () => {
    const { take } = testHost()
    await take('a', ['127.0.0.1:8000:80', '[::1]:8001:80'])
    expect(shown(await take('b', ['8000-8004:80']))).toEqual(['tcp 0.0.0.0 8002 > 80', 'tcp :: 8002 > 80'])
    expect(shown(await take('b', ['192.0.2.1:8000-8004:80']))).toEqual(['tcp 192.0.2.1 8000 > 80'])
    expect(shown(await take('b', ['192.0.2.1:8000-8004:80']))).toEqual(['tcp 192.0.2.1 8001 > 80'])
    expect(shown(await take('b', ['192.0.2.1:8000-8004:80']))).toEqual(['tcp 192.0.2.1 8003 > 80'])
    await expect(take('c', ['8001-8002:80'])).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE',
      message: 'none of the tcp ports 8001-8002 of 0.0.0.0 and :: is free'
    })
  })

  it('goes through the ephemeral ports in order, and uses none again at once', async () => {
    const { take, release } = testHost()
    const ephemeral = async () => {
      const bindings = await take('a', ['0.0.0.0::80'])
      return bindings[0]!
    }
    const first = await ephemeral()
    expect(first.hostPort).toBe(40_000)
    await release('a', [first])
    const ports: number[] = []
    for (let i = 0; i < 10; i++) ports.push((await ephemeral()).hostPort)
    expect(ports).toEqual([40_001, 40_002, 40_003, 40_004, 40_005, 40_006, 40_007, 40_008, 40_009, 40_000])
    await expect(ephemeral()).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE',
      message: 'none of the tcp ports 40000-40009 of 0.0.0.0 is free'
    })
    // Another family, another protocol.
    expect(shown(await take('b', ['[::]::80']))).toEqual(['tcp :: 40001 > 80'])
    expect(shown(await take('b', ['0.0.0.0::80/udp']))).toEqual(['udp 0.0.0.0 40000 > 80'])
    await release('a', [{ protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 40_004 }])
    expect((await ephemeral()).hostPort).toBe(40_004)
  })

  it('avoids what programs of the host have', async () => {
    const { take } = testHost()
    const avoid = [40_000, 40_002, 8080].map((hostPort) => ({
      protocol: 'tcp' as const,
      hostAddress: '::',
      hostPort
    }))
    expect(shown(await take('a', ['80', '81'], { avoid }))).toEqual([
      'tcp 0.0.0.0 40001 > 80',
      'tcp :: 40001 > 80',
      'tcp 0.0.0.0 40003 > 81',
      'tcp :: 40003 > 81'
    ])
    expect(shown(await take('a', ['8080-8081:80'], { avoid }))).toHaveLength(2)
    await expect(take('a', ['8080:80'], { avoid })).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE',
      message: 'tcp port [::]:8080 is used by a program of the host'
    })
  })

  it('names the place of an address that the endpoint has no family for', async () => {
    const { take, list } = testHost()
    await expect(take('a', ['80', '[::1]:80:80'], { families: ['inet'] })).rejects.toMatchObject({
      field: 'ports[1].hostAddress'
    })
    expect(list()).toEqual([])
  })
})

describe('conflicts', () => {
  it.each([
    ['8080:80', '8080:81', true],
    ['8080:80', '127.0.0.1:8080:80', true],
    ['8080:80', '[::1]:8080:80', true],
    ['127.0.0.1:8080:80', '8080:80', true],
    ['127.0.0.1:8080:80', '127.0.0.1:8080:80', true],
    ['127.0.0.1:8080:80', '0.0.0.0:8080:80', true],
    ['[::1]:8080:80', '[::]:8080:80', true],
    ['8000-8010:80-90', '8010:80', true],
    ['8005:80', '8000-8010:80-90', true],
    ['8080:80', '8080:80/udp', false],
    ['8080:80', '8081:80', false],
    ['127.0.0.1:8080:80', '127.0.0.2:8080:80', false],
    ['127.0.0.1:8080:80', '[::]:8080:80', false],
    ['[::1]:8080:80', '0.0.0.0:8080:80', false],
    ['0.0.0.0:8080:80', '[::]:8080:80', false]
  ])('%s and %s: %s', async (first, second, conflict) => {
    const { take, list } = testHost()
    await take('a', [first])
    const before = list()
    const work = take('b', [second])
    if (!conflict) return void (await work)
    await expect(work).rejects.toMatchObject({ code: 'ERR_PORT_IN_USE' })
    expect(list()).toEqual(before)
    await expect(take('a', [first, second])).rejects.toMatchObject({ code: 'ERR_PORT_IN_USE' })
  })

  it('tell who has the port, and where', async () => {
    const { store, take } = testHost()
    const sandbox = sandboxRecord({ name: 'web' })
    const endpoint = endpointRecord({ networkId: 'n', sandboxId: sandbox.id })
    await store.write((tx) => {
      putSandbox(tx, sandbox)
      putEndpoint(tx, endpoint)
    })
    await take(endpoint.id, ['127.0.0.1:8080:80', '[::]:443:443'])
    await expect(take('b', ['8080:80'])).rejects.toThrow(
      'tcp port 0.0.0.0:8080 is published by sandbox web at 127.0.0.1'
    )
    await expect(take('b', ['[::]:443:443'])).rejects.toThrow('tcp port [::]:443 is published by sandbox web')
  })
})

describe('releasing ports', () => {
  it('makes them free again, and leaves those of others', async () => {
    const { store, take, release, list } = testHost()
    const a = await take('a', ['127.0.0.1:8080:80', '8081:81'])
    const b = await take('b', ['127.0.0.2:8080:80'])
    await release('b', a)
    expect(list()).toHaveLength(4)
    await release('a', a)
    await release('a', a)
    expect(list()).toEqual(['tcp 127.0.0.2 8080 b'])
    await expect(take('c', ['8080:80'])).rejects.toMatchObject({ code: 'ERR_PORT_IN_USE' })
    await release('b', b)
    await release('c', await take('c', ['8080:80', '8081:81']))
    expect(store.read((tx) => [...tx.list('')])).toEqual([])
  })
})

it('keeps to the rules whatever is taken and released', async () => {
  const hostAddress = fc.constantFrom(undefined, '0.0.0.0', '::', '127.0.0.1', '192.0.2.1', '::1')
  const hostPort = fc.constantFrom(0, 40_000, 40_001, '40000-40003', '40000-40009', 39_999)
  const step = fc.record({
    release: fc.boolean(),
    owner: fc.constantFrom('a', 'b', 'c'),
    port: fc.record({
      hostAddress,
      hostPort,
      containerPort: fc.constant(80),
      protocol: fc.constantFrom('tcp', 'udp')
    })
  })
  const collide = (a: HostPort, b: HostPort) =>
    a.protocol === b.protocol &&
    a.hostPort === b.hostPort &&
    a.hostAddress.includes(':') === b.hostAddress.includes(':') &&
    (a.hostAddress === b.hostAddress ||
      [a, b].some(({ hostAddress }) => /^(0\.0\.0\.0|::)$/.test(hostAddress)))

  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { store, take, release, list } = testHost()
      let held: (PortBinding & { owner: string })[] = []
      const isFree = (port: HostPort) => !held.some((other) => collide(other, port))
      for (const { release: releasing, owner, port } of steps) {
        if (releasing) {
          await release(
            owner,
            held.filter((binding) => binding.owner === owner)
          )
          held = held.filter((binding) => binding.owner !== owner)
        } else {
          const addresses = port.hostAddress === undefined ? ['0.0.0.0', '::'] : [port.hostAddress]
          const { protocol } = port
          const [first, last] =
            port.hostPort === 0
              ? [40_000, 40_009]
              : typeof port.hostPort === 'number'
                ? [port.hostPort, port.hostPort]
                : port.hostPort.split('-').map(Number)
          const free: number[] = []
          for (let hostPort = first!; hostPort <= last!; hostPort++) {
            if (addresses.every((hostAddress) => isFree({ protocol, hostAddress, hostPort })))
              free.push(hostPort)
          }
          const taken = await take(owner, [port]).catch((error: { code: string }) => error.code)
          if (typeof taken === 'string') {
            expect(taken).toBe('ERR_PORT_IN_USE')
            expect(free).toEqual([])
          } else {
            expect(taken.map((binding) => binding.hostAddress)).toEqual(addresses)
            for (const binding of taken) expect(free).toContain(binding.hostPort)
            if (port.hostPort !== 0) expect(taken[0]!.hostPort).toBe(free[0])
            held.push(...taken.map((binding) => ({ ...binding, owner })))
          }
        }
        expect(list()).toEqual(held.map(({ containerPort: _, ...binding }) => show(binding)).sort())
      }
      for (const owner of ['a', 'b', 'c']) {
        await release(
          owner,
          held.filter((binding) => binding.owner === owner)
        )
      }
      expect(store.read((tx) => [...tx.list('')]).every(([key]) => key.startsWith('port-cursor/'))).toBe(true)
    }),
    { numRuns: 100 }
  )
})

describe('the cost of a port', () => {
  it('does not grow with the ports that are taken', async () => {
    const host = new MemoryStore()
    const wide = new PortAllocator({ first: 32_768, last: 60_999 })
    const count = (tx: WriteTransaction, ports: Ports) => {
      let touches = 0
      const counting: WriteTransaction = {
        get: (key) => (touches++, tx.get(key)),
        list: (prefix) => {
          const found = [...tx.list(prefix)]
          touches += found.length + 1
          return found.values() as never
        },
        put: (key, value) => (touches++, tx.put(key, value)),
        delete: (key) => (touches++, tx.delete(key))
      }
      const claim = { owner: 'x', families: ['inet', 'inet6'] } as const
      wide.release(counting, 'x', wide.take(counting, parsePorts(ports), claim))
      return touches
    }
    await host.write((tx) => {
      const ports = ['80', '8080:80', '20000-30000:80']
      const empty = ports.map((port) => count(tx, [port]))
      wide.take(tx, parsePorts(['20000-30000:20000-30000', '33000-60000:33000-60000']), {
        owner: 'a',
        families: ['inet', 'inet6']
      })
      for (const [index, port] of ['80', '8080:80', '20000-30001:80'].entries()) {
        expect(count(tx, [port]) - empty[index]!).toBeLessThanOrEqual(30)
      }
    })
  })
})
