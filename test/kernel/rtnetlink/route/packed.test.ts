import { monitorEventLoopDelay } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import {
  BulkError,
  NetworkStack,
  type PackedInet6RoutesSpec,
  type PackedInetRoutesSpec,
  type PackedRoutes,
  type Route,
  type RouteSpec
} from '../../../../src/index.js'
import { needsProgram } from '../../../setup/requirements.js'
import { wired } from './wired.js'

/** The networks 100.64.0.0/28, 100.64.0.16/28 and so on, each by a neighbour on `v0`, in table 500. */
function table(count: number, gateway: string | undefined = '10.0.0.2') {
  return {
    family: 'inet',
    destination: Uint32Array.from({ length: count }, (_, i) => 0x64400000 + i * 16),
    prefixLength: new Uint8Array(count).fill(28),
    gateway,
    link: 'v0',
    table: 500
  } as const satisfies PackedInetRoutesSpec
}

const three: PackedInetRoutesSpec = {
  family: 'inet',
  destination: Uint32Array.of(0x14000000, 0x1e010000, 0),
  prefixLength: Uint8Array.of(8, 16, 0),
  gateway: Uint32Array.of(0x0a000002, 0, 0x0a000003),
  link: 'v0',
  priority: Uint32Array.of(0, 70, 100),
  table: Uint32Array.of(500, 254, 500),
  protocol: 'bgp'
}

/** Made of `words` in hexadecimal, four bytes each. */
const address = (...words: string[]) => Uint8Array.from(Buffer.from(words.join('').padEnd(32, '0'), 'hex'))

const two6: PackedInet6RoutesSpec = {
  family: 'inet6',
  destination: Uint8Array.of(...address('fd010000'), ...address()),
  prefixLength: Uint8Array.of(64, 0),
  gateway: Uint8Array.of(...address(), ...address('fd000000', '00000000', '00000000', '00000002')),
  link: 'v0',
  priority: Uint32Array.of(0, 70),
  protocol: Uint8Array.of(4, 186)
}

/** The columns without what is no column. */
function columnsOf<T extends PackedRoutes>(listed: T): T {
  return { ...listed, others: undefined }
}

describe('packed routes', () => {
  needsProgram('ip')

  it('are those that add makes one by one', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const rows: readonly RouteSpec[] = [
      { destination: '20.0.0.0/8', gateway: '10.0.0.2', table: 500 },
      { destination: '30.1.0.0/16', priority: 70 },
      { destination: 'default', gateway: '10.0.0.3', priority: 100, table: 500 },
      { destination: 'fd01::/64', protocol: 'static' },
      { destination: '::/0', gateway: 'fd00::2', priority: 70 }
    ]
    const show = () =>
      Promise.all(
        ['-4', '-6'].map((family) =>
          host.ns.json('ip', family, '-j', '-d', 'route', 'show', 'table', 'all', 'type', 'unicast')
        )
      )
    for (const row of rows) await routes.add({ protocol: 'bgp', ...row, link: 'v0' })
    const one = await show()
    for (const row of rows) await routes.delete(row)
    const none = await show()
    expect(await routes.addPacked(three)).toEqual({ applied: 3, unchanged: 0, failures: [] })
    expect(await routes.addPacked(two6)).toEqual({ applied: 2, unchanged: 0, failures: [] })
    expect(await show()).toEqual(one)
    expect(await host.ipRoute('20.0.0.0/8', 'table', '500')).toMatchObject({
      gateway: '10.0.0.2',
      dev: 'v0',
      protocol: 'bgp',
      scope: 'global'
    })
    expect(await host.ipRoute('30.1.0.0/16')).toMatchObject({ dev: 'v0', scope: 'link', metric: 70 })
    expect(await routes.deletePacked(three)).toMatchObject({ applied: 3 })
    expect(await routes.deletePacked(two6)).toMatchObject({ applied: 2 })
    expect(await show()).toEqual(none)
  })

  it('are listed as columns, and the others as routes, nothing of it lost', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const commands = [
      '20.0.0.0/8 via 10.0.0.2 metric 9 proto bgp table 700',
      '21.0.0.0/8 dev v1 onlink via 192.0.2.1 table 700',
      '22.0.0.0/8 dev v0 table 700',
      'default via 10.0.0.9 table 700',
      '23.0.0.0/8 dev v0 scope global table 700',
      '24.0.0.0/8 via 10.0.0.2 mtu 1400 table 700',
      '25.0.0.0/8 via 10.0.0.2 src 10.0.0.1 table 700',
      'blackhole 26.0.0.0/8 table 700',
      '27.0.0.0/8 tos 4 via 10.0.0.2 table 700',
      '28.0.0.0/8 table 700 nexthop via 10.0.0.2 nexthop via 10.0.0.3',
      '29.0.0.0/8 via inet6 fd00::2 dev v0 table 700',
      '30.0.0.0/8 nhid 7 table 700',
      '-6 fd02::/64 via fd00::2 table 700',
      '-6 fd03::/64 dev v1 metric 7 table 700',
      '-6 fd04::/64 via fd00::2 expires 1000 table 700',
      '-6 fd05::/64 from fd06::/64 dev v0 table 700',
      '-6 fd07::/64 dev v0 pref high table 700',
      '-6 prohibit fd08::/64 table 700'
    ]
    await host.ns.run('ip', ...'nexthop add id 7 via 10.0.0.2 dev v0'.split(' '))
    for (const command of commands) {
      const words = command.split(' ')
      const family = words[0] === '-6' ? words.splice(0, 1) : []
      await host.ns.run('ip', ...family, 'route', 'add', ...words)
    }
    for (const [family, rows, others] of [
      ['inet', 4, 8],
      ['inet6', 2, 4]
    ] as const) {
      const listed = await routes.listPacked({ family, table: 700 })
      expect(listed).toMatchObject({ family, length: rows })
      expect(listed.others).toHaveLength(others)
      const all = inOrder(await routes.list({ family, table: 700 }))
      expect(inOrder([...asRoutes(listed), ...listed.others])).toEqual(all)
      // Again from what was read.
      expect(await routes.deletePacked(columnsOf(listed))).toMatchObject({ applied: rows, failures: [] })
      expect(await routes.list({ family, table: 700 })).toHaveLength(others)
      expect(await routes.addPacked(columnsOf(listed))).toMatchObject({ applied: rows, failures: [] })
      expect(inOrder(await routes.list({ family, table: 700 }))).toEqual(all)
    }
  })

  it('are filtered by the kernel', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.addPacked(three)
    await routes.add({ destination: '40.0.0.0/8', link: 'v1', table: 500 })
    const lengths = async (filter: object) => (await routes.listPacked({ family: 'inet', ...filter })).length
    expect(await lengths({})).toBe(1)
    expect(await lengths({ table: 500 })).toBe(3)
    expect(await lengths({ table: 500, link: 'v1' })).toBe(1)
    expect(await lengths({ table: 'all', protocol: 'bgp' })).toBe(3)
    expect(await lengths({ table: 77 })).toBe(0)
    const main = await routes.listPacked({ family: 'inet', type: 'unicast' })
    // 10.0.0.0/24 has a preferred source.
    expect(main.others).toMatchObject([{ destination: '10.0.0.0/24', preferredSource: '10.0.0.1' }])
    for (const [filter, field] of [
      [{}, 'family'],
      [{ family: 'mpls' }, 'family'],
      [{ family: 'inet', scope: 'link' }, 'scope'],
      [{ family: 'inet', protocol: 'unspec' }, 'protocol'],
      [{ family: 'inet', type: 0 }, 'type']
    ] as const) {
      await expect(routes.listPacked(filter as never)).rejects.toMatchObject({ field })
      expect(() => routes.iteratePacked(filter as never)).toThrow(expect.objectContaining({ field }))
    }
    await expect(routes.listPacked({ family: 'inet', link: 'none' })).rejects.toMatchObject({
      code: 'ENODEV'
    })
  })

  it('stream in tables of bounded size, beside other requests', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const count = 20_000
    await routes.addPacked(table(count))
    await routes.add({ destination: '99.0.0.0/8', type: 'blackhole', table: 500 })
    const destinations: number[] = []
    const others: Route[] = []
    let parts = 0
    for await (const part of routes.iteratePacked({ family: 'inet', table: 500 })) {
      expect(part.length).toBeLessThan(10_000)
      expect(part.prefixLength.every((length) => length === 28)).toBe(true)
      destinations.push(...part.destination)
      others.push(...part.others)
      if (parts++ === 0) expect((await routes.lookup('10.0.0.7')).link).toBe(await host.indexOf('v0'))
    }
    expect(parts).toBeGreaterThan(2)
    expect(destinations).toEqual([...table(count).destination])
    expect(others).toMatchObject([{ destination: '99.0.0.0/8', type: 'blackhole' }])
    for await (const part of routes.iteratePacked({ family: 'inet', table: 500 })) {
      expect(part.length).toBeGreaterThan(0)
      break
    }
    for await (const part of routes.iteratePacked({ family: 'inet', table: 501 })) expect(part).toBe('none')
  })

  it('that fail are told with their place, their row and their error', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const link = await host.indexOf('v0')
    const count = 10_000
    const gateway = new Uint32Array(count).fill(0x0a000002)
    gateway[4500] = 0xc0000201
    const columns = { ...table(count), gateway }
    await routes.add({ destination: '100.64.0.80/28', gateway: '10.0.0.3', table: 500 })
    const result = await routes.addPacked(columns)
    expect(result).toMatchObject({ applied: count - 2, unchanged: 0 })
    expect(result.failures).toMatchObject([
      {
        index: 5,
        input: { family: 'inet', destination: '100.64.0.80/28', gateway: '10.0.0.2', link, table: 500 },
        error: {
          code: 'EEXIST',
          syscall: 'RTM_NEWROUTE',
          request: { method: 'routes.addPacked', input: { destination: '100.64.0.80/28' } }
        }
      },
      { index: 4500, input: { gateway: '192.0.2.1' }, error: { code: 'ENETUNREACH' } }
    ])
    // What a failure tells of is a route that can be given to add.
    await expect(routes.add(result.failures[0]!.input)).rejects.toMatchObject({ code: 'EEXIST' })
    expect(result.failures[0]!.error.message).toContain('"destination":"100.64.0.80/28"')

    const missing = await routes.deletePacked({ ...columns, priority: 77 })
    expect(missing).toMatchObject({ applied: 0, unchanged: 0 })
    expect(missing.failures.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, i) => i))
    expect(missing.failures[77]!.error).toMatchObject({ code: 'ESRCH', syscall: 'RTM_DELROUTE' })
  })

  it('are left alone or replaced where they exist, and forgiven where they are missing', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const columns = table(6000)
    await routes.addPacked(columns)
    const skipped = await routes.addPacked(columns, { ifExists: 'skip' })
    expect(skipped).toEqual({ applied: 0, unchanged: 6000, failures: [] })
    const other = table(6000, '10.0.0.7')
    expect(await routes.addPacked(other, { ifExists: 'replace' })).toMatchObject({ applied: 6000 })
    expect((await routes.listPacked({ family: 'inet', table: 500 })).gateway[5999]).toBe(0x0a000007)
    expect(await routes.replacePacked(columns)).toMatchObject({ applied: 6000 })
    const listed = await routes.listPacked({ family: 'inet', table: 500 })
    expect(listed.gateway.every((gateway) => gateway === 0x0a000002)).toBe(true)
    const more = table(6100)
    expect(await routes.deletePacked(more, { ifMissing: 'skip' })).toEqual({
      applied: 6000,
      unchanged: 100,
      failures: []
    })
    await expect(routes.addPacked(more, { ifExists: 'explode' as never })).rejects.toMatchObject({
      field: 'ifExists'
    })
    await expect(routes.addPacked(more, { onError: 'explode' as never })).rejects.toMatchObject({
      field: 'onError'
    })
  })

  it('are all checked before one is sent', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const columns = table(20_000)
    columns.destination[19_999] = 0x0a000001
    await expect(routes.addPacked(columns)).rejects.toThrow(
      'destination[19999] must be a prefix without host bits; got "10.0.0.1/28"'
    )
    await expect(routes.addPacked({ ...table(2), link: 'none' })).rejects.toMatchObject({ code: 'ENODEV' })
    await using other = await NetworkStack.open()
    const [foreign] = await other.links.list()
    await expect(routes.addPacked({ ...table(2), link: foreign! })).rejects.toMatchObject({
      code: 'ERR_FOREIGN_LINK'
    })
    expect(await routes.list({ table: 500 })).toEqual([])
    const empty = { family: 'inet', destination: new Uint32Array(), prefixLength: new Uint8Array() } as const
    expect(await routes.addPacked(empty)).toEqual({ applied: 0, unchanged: 0, failures: [] })
  })

  it('that change under way are checked again', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const columns = table(40_000)
    const shared = new Uint32Array(new SharedArrayBuffer(columns.destination.byteLength))
    shared.set(columns.destination)
    const work = routes.addPacked(
      { ...columns, destination: shared },
      { onProgress: ({ applied }) => void (applied === 4096 && (shared[30_000] = 1)) }
    )
    const error = await work.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(BulkError)
    expect(error).toMatchObject({ cause: { field: 'destination[30000]' } })
    const { result } = error as BulkError
    expect(result.failures).toEqual([])
    expect(result.applied).toBe(28_672)
    expect((await routes.listPacked({ family: 'inet', table: 500 })).length).toBe(result.applied)
  })

  it('stop at the first failure when asked to', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const columns = table(20_000)
    await routes.add({ destination: '100.64.0.160/28', link: 'v0', table: 500 })
    const result = await routes.addPacked(columns, { onError: 'stop' })
    expect(result.failures).toMatchObject([{ index: 10, error: { code: 'EEXIST' } }])
    expect(result.applied).toBeLessThan(4096)
    // The rest of the datagram ran.
    expect(await routes.list({ table: 500 })).toHaveLength(result.applied + 1)
  })

  it('say what was done when they are aborted', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await expect(routes.addPacked(table(10), { signal: AbortSignal.abort('before') })).rejects.toBe('before')
    const controller = new AbortController()
    const reason = new Error('enough')
    const work = routes.addPacked(table(60_000), {
      signal: controller.signal,
      onProgress: () => controller.abort(reason)
    })
    const error = await work.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BulkError)
    const { cause, result } = error as BulkError<RouteSpec>
    expect(cause).toBe(reason)
    // The second block may be done by then.
    expect([4096, 8192]).toContain(result.applied)
    expect(result.failures.length).toBeLessThanOrEqual(4096)
    for (const failure of result.failures) expect(failure).toMatchObject({ unknown: true, error: reason })
    // What was under way is done before this.
    const { length } = await routes.listPacked({ family: 'inet', table: 500 })
    expect(length).toBe(result.applied + result.failures.length)

    await expect(routes.addPacked(table(10), { timeout: 0 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
    const late = await routes.replacePacked(table(60_000), { timeout: 30 }).catch((thrown: unknown) => thrown)
    expect(late).toMatchObject({ code: 'ERR_TIMEOUT' })
  })

  it('say what was done when the stack is closed, or a callback throws', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const thrown = new Error('thrown')
    const error = await routes
      .addPacked(table(20_000), {
        onProgress: () => {
          throw thrown
        }
      })
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ cause: thrown, result: { failures: [] } })
    const { length } = await routes.listPacked({ family: 'inet', table: 500 })
    expect(length).toBe((error as BulkError).result.applied)
    const closing = await routes
      .replacePacked(table(60_000), { onProgress: () => void host.stack.close() })
      .catch((reason: unknown) => reason)
    expect(closing).toMatchObject({ code: 'ERR_CLOSED' })
    const { applied, failures } = (closing as BulkError).result
    expect(applied).toBeGreaterThanOrEqual(4096)
    expect(applied + failures.length).toBeLessThan(60_000)
    for (const failure of failures) expect(failure).toMatchObject({ unknown: true })
  })

  it('wait for a monitor, and are seen by it', async () => {
    await using host = await wired()
    const monitor = host.stack.monitor({ objects: ['route'] })
    const added = host.stack.routes.addPacked(table(3))
    let seen = 0
    for await (const { change, value } of monitor) {
      if (change === 'new' && value.table === 500 && ++seen === 3) break
    }
    expect(await added).toMatchObject({ applied: 3 })
  })

  it('come by the hundred thousand, and the event loop has its turns', { timeout: 120_000 }, async () => {
    await using host = await wired()
    const { routes } = host.stack
    const count = process.env['VM_RUN_GUEST'] === undefined ? 100_000 : 10_000
    const columns = table(count)
    const progress: number[] = []
    let ticks = 0
    const ticking = setInterval(() => ticks++, 1)
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const added = await routes.addPacked(columns, {
      onProgress: ({ applied }) => progress.push(applied)
    })
    const listed = await routes.listPacked({ family: 'inet', table: 500 })
    const deleted = await routes.deletePacked(columnsOf(listed))
    delay.disable()
    clearInterval(ticking)
    console.log(
      `${count} packed routes: ${ticks} turns, longest delay of the event loop ${(delay.max / 1e6).toFixed(1)} ms`
    )
    expect(added).toEqual({ applied: count, unchanged: 0, failures: [] })
    expect(progress).toHaveLength(Math.ceil(count / 4096))
    expect(progress.at(-1)).toBe(count)
    expect(ticks).toBeGreaterThan(progress.length)
    expect(listed).toMatchObject({ length: count, others: [] })
    expect(listed.destination).toEqual(columns.destination)
    expect(deleted).toEqual({ applied: count, unchanged: 0, failures: [] })
  })
})

/** Routes by their destination, and without the time that goes by. */
function inOrder(routes: readonly Route[]): Route[] {
  return routes
    .map(({ expires, ...route }) => (expires === undefined ? route : { ...route, expires: 1000 }))
    .sort((a, b) => a.destination.localeCompare(b.destination))
}

/** Rows of a table as `list` gives them. */
function asRoutes(listed: {
  readonly family: 'inet' | 'inet6'
  readonly length: number
  readonly destination: Uint32Array | Uint8Array
  readonly gateway: Uint32Array | Uint8Array
  readonly prefixLength: Uint8Array
  readonly link: Uint32Array
  readonly priority: Uint32Array
  readonly table: Uint32Array
  readonly protocol: Uint8Array
  readonly flags: Uint32Array
}): Route[] {
  const text = (column: Uint32Array | Uint8Array, row: number): string => {
    if (listed.family === 'inet') {
      const value = column[row]!
      return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')
    }
    const groups = Array.from(
      { length: 8 },
      (_, i) => (column[row * 16 + i * 2]! << 8) | column[row * 16 + i * 2 + 1]!
    )
    // The canonical text, by the platform.
    return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1)
  }
  const protocols: Readonly<Record<number, Route['protocol']>> = { 2: 'kernel', 3: 'boot', 186: 'bgp' }
  return Array.from({ length: listed.length }, (_, row) => {
    const gateway = text(listed.gateway, row)
    const hasGateway = gateway !== '0.0.0.0' && gateway !== '::'
    return {
      family: listed.family,
      type: 'unicast',
      destination: `${text(listed.destination, row)}/${listed.prefixLength[row]}`,
      table: listed.table[row]!,
      protocol: protocols[listed.protocol[row]!]!,
      scope: hasGateway || listed.family === 'inet6' ? 'global' : 'link',
      flags: listed.flags[row] === 4 ? ['onlink'] : [],
      ...(hasGateway ? { gateway } : {}),
      link: listed.link[row]!,
      ...(listed.priority[row] === 0 ? {} : { priority: listed.priority[row]! }),
      ...(listed.family === 'inet6' ? { preference: 'medium' as const } : {})
    }
  })
}
