import { describe, expect, it } from 'vitest'
import type { RouteFilter, RouteSpec } from '../../../../src/index.js'
import { wired } from './wired.js'

const refused: readonly (readonly [object, string, string])[] = [
  [{}, 'destination', 'ERR_MISSING_FIELD'],
  [{ link: 'v0' }, 'destination', 'ERR_MISSING_FIELD'],
  [{ destination: '10.0.0.1/24', link: 'v0' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: 'fd00::1/64', link: 'v0' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.0.0.0/33', link: 'v0' }, 'destination', 'ERR_OUT_OF_RANGE'],
  [{ destination: 'fd00::/129', link: 'v0' }, 'destination', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.0.0', link: 'v0' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '', link: 'v0' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: 10, link: 'v0' }, 'destination', 'ERR_INVALID_ARG_TYPE'],
  [{ destination: '10.1.0.0/16', gateway: 'fd00::2' }, 'gateway', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: 'fd01::/64', gateway: '10.0.0.2' }, 'gateway', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: 'fd01::/64', family: 'inet', link: 'v0' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: 'default', family: 'ipx', link: 'v0' }, 'family', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', gateway: '10.0.0.2/24' }, 'gateway', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', preferredSource: 'fd00::1' }, 'preferredSource', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', source: 'fd00::/64' }, 'source', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', link: 'a name that is too long' }, 'link', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', link: 0 }, 'link', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.1.0.0/16', link: -1 }, 'link', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.1.0.0/16', link: {} }, 'link', 'ERR_INVALID_ARG_TYPE'],
  [{ destination: '10.1.0.0/16', link: 'v0', table: 0 }, 'table', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.1.0.0/16', link: 'v0', table: 2 ** 32 }, 'table', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.1.0.0/16', link: 'v0', table: 1.5 }, 'table', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.1.0.0/16', link: 'v0', table: 'no such table' }, 'table', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', link: 'v0', priority: -1 }, 'priority', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.1.0.0/16', link: 'v0', priority: '1' }, 'priority', 'ERR_INVALID_ARG_TYPE'],
  [{ destination: '10.1.0.0/16', link: 'v0', tos: 256 }, 'tos', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.1.0.0/16', link: 'v0', type: 'unicorn' }, 'type', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', link: 'v0', type: 256 }, 'type', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.1.0.0/16', link: 'v0', scope: 'far' }, 'scope', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', link: 'v0', protocol: 'smoke' }, 'protocol', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', link: 'v0', flags: ['offlink'] }, 'flags', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', link: 'v0', flags: 'onlink' }, 'flags', 'ERR_INVALID_ARG_TYPE'],
  [{ destination: '10.1.0.0/16', link: 'v0', metrics: { mtu: -1 } }, 'metrics.mtu', 'ERR_OUT_OF_RANGE'],
  [
    { destination: '10.1.0.0/16', link: 'v0', metrics: { lock: ['mut'] } },
    'metrics.lock',
    'ERR_INVALID_ARG_VALUE'
  ],
  [{ destination: '10.1.0.0/16', link: 'v0', metrics: { advmss: 1 } }, 'metrics.advmss', 'ERR_UNKNOWN_FIELD'],
  [{ destination: '10.1.0.0/16', nextHopId: 0 }, 'nextHopId', 'ERR_OUT_OF_RANGE'],
  [
    { destination: '10.1.0.0/16', via: { family: 'inet6', address: '10.0.0.2' } },
    'via.address',
    'ERR_INVALID_ARG_VALUE'
  ],
  [
    { destination: '10.1.0.0/16', via: { family: 'ipx', address: '1' } },
    'via.family',
    'ERR_INVALID_ARG_VALUE'
  ],
  [
    { destination: '10.1.0.0/16', via: { family: 'inet', address: '10.0.0.2' } },
    'via.family',
    'ERR_INVALID_ARG_VALUE'
  ],
  [
    { destination: '10.1.0.0/16', gateway: '10.0.0.2', nextHops: [{ gateway: '10.0.0.3' }] },
    'nextHops',
    'ERR_INVALID_ARG_VALUE'
  ],
  [{ destination: '10.1.0.0/16', link: 'v0', realms: { to: 65536 } }, 'realms.to', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.1.0.0/16', link: 'v0', preference: 'urgent' }, 'preference', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.1.0.0/16', link: 'v0', expires: -1 }, 'expires', 'ERR_OUT_OF_RANGE'],
  [{ destination: '10.1.0.0/16', link: 'v0', metric: 5 }, 'metric', 'ERR_UNKNOWN_FIELD'],
  [{ destination: '10.1.0.0/16', link: 'v0', newDestination: [5] }, 'newDestination', 'ERR_UNKNOWN_FIELD'],
  [{ family: 'mpls', destination: '10.1.0.0/16' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
  [{ family: 'mpls', destination: '1048576' }, 'destination', 'ERR_OUT_OF_RANGE']
]

const refusedFilters: readonly (readonly [object, string, string])[] = [
  [{ tabel: 5 }, 'tabel', 'ERR_UNKNOWN_FIELD'],
  [{ table: 'no such table' }, 'table', 'ERR_INVALID_ARG_VALUE'],
  [{ table: -1 }, 'table', 'ERR_OUT_OF_RANGE'],
  [{ family: 'bridge' }, 'family', 'ERR_INVALID_ARG_VALUE'],
  [{ type: 'unicorn' }, 'type', 'ERR_INVALID_ARG_VALUE'],
  [{ protocol: 999 }, 'protocol', 'ERR_OUT_OF_RANGE'],
  [{ scope: 'far' }, 'scope', 'ERR_INVALID_ARG_VALUE'],
  [{ destination: '10.0.0' }, 'destination', 'ERR_INVALID_ARG_VALUE'],
  [{ gateway: 'router' }, 'gateway', 'ERR_INVALID_ARG_VALUE'],
  [{ tos: 256 }, 'tos', 'ERR_OUT_OF_RANGE'],
  [{ cached: 1 }, 'cached', 'ERR_INVALID_ARG_TYPE']
]

describe('routes that can not be right', () => {
  it('are refused with the field, the value and what is allowed, and nothing is sent', async () => {
    await using host = await wired()
    const { routes } = host.stack
    // The kernel adds those of its own IPv6 addresses in its own time.
    const others = async () =>
      (await routes.list({ table: 'all' })).filter(
        ({ family, protocol }) => family !== 'inet6' || protocol !== 'kernel'
      )
    const before = await others()
    for (const verb of ['add', 'append', 'replace', 'change', 'delete'] as const) {
      for (const [spec, field, code] of refused) {
        const work = routes[verb](spec as RouteSpec)
        await expect(work, `${verb} ${JSON.stringify(spec)}`).rejects.toMatchObject({ field, code })
        await work.catch((error: unknown) => {
          expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
        })
      }
      for (const nothing of [undefined, null, 5, []]) {
        await expect(routes[verb](nothing as never)).rejects.toBeInstanceOf(TypeError)
      }
    }
    expect(await others()).toEqual(before)
  })

  it('as are filters', async () => {
    await using host = await wired()
    const { routes } = host.stack
    for (const [filter, field, code] of refusedFilters) {
      await expect(routes.list(filter as RouteFilter), JSON.stringify(filter)).rejects.toMatchObject({
        field,
        code
      })
    }
  })

  it('as are calls on a closed stack', async () => {
    await using host = await wired()
    await host.stack.close()
    await expect(host.stack.routes.list()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(host.stack.routes.add({ destination: 'default', link: 1 })).rejects.toMatchObject({
      code: 'ERR_CLOSED'
    })
  })
})
