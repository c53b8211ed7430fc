import { describe, expect, it } from 'vitest'
import type { EncapsulationSpec } from '../../../../src/index.js'
import { kernelBefore, needsProgram, skipUnless } from '../../../setup/requirements.js'
import { wired } from './wired.js'

interface Case {
  readonly name: string
  readonly destination: string
  readonly encap: EncapsulationSpec
  /** What `ip route add DESTINATION encap …` takes for the same. */
  readonly words: string
  /** What reading gives, where it is not what was written. */
  readonly reads?: object
}

const cases: readonly Case[] = [
  {
    name: 'mpls',
    destination: '10.1.0.0/16',
    encap: { type: 'mpls', labels: [226, 227] },
    words: 'mpls 226/227'
  },
  {
    name: 'mpls with a TTL',
    destination: 'fd01::/64',
    encap: { type: 'mpls', labels: [1048575], ttl: 7 },
    words: 'mpls 1048575 ttl 7'
  },
  {
    name: 'seg6',
    destination: 'fd01::/64',
    encap: { type: 'seg6', mode: 'encap', segments: ['fc00::1', 'fc00::2', 'fc00::3'] },
    words: 'seg6 mode encap segs fc00::1,fc00::2,fc00::3'
  },
  {
    name: 'seg6 inline',
    destination: 'fd01::/64',
    encap: { type: 'seg6', mode: 'inline', segments: ['fc00::1', 'fc00::2'] },
    words: 'seg6 mode inline segs fc00::1,fc00::2'
  },
  {
    name: 'seg6 of IPv4',
    destination: '10.1.0.0/16',
    encap: { type: 'seg6', mode: 'encap', segments: ['fc00::1'] },
    words: 'seg6 mode encap segs fc00::1'
  },
  {
    name: 'ip6',
    destination: 'fd01::/64',
    encap: { type: 'ip6', id: 42, destination: 'fd00::5', source: 'fd00::1', hopLimit: 9, trafficClass: 4 },
    words: 'ip6 id 42 dst fd00::5 src fd00::1 hoplimit 9 tc 4'
  },
  {
    name: 'ip',
    destination: '10.1.0.0/16',
    encap: {
      type: 'ip',
      id: 42,
      destination: '10.0.0.5',
      source: '10.0.0.1',
      ttl: 9,
      tos: 16,
      flags: ['csum', 'key', 'seq']
    },
    words: 'ip id 42 dst 10.0.0.5 src 10.0.0.1 ttl 9 tos 0x10 csum key seq'
  },
  {
    name: 'ip with VXLAN options',
    destination: '10.1.0.0/16',
    encap: { type: 'ip', id: 42, destination: '10.0.0.5', options: { vxlan: { groupPolicy: 1234 } } },
    words: 'ip id 42 dst 10.0.0.5 vxlan_opts 1234'
  },
  {
    name: 'ip with ERSPAN options',
    destination: '10.1.0.0/16',
    encap: {
      type: 'ip',
      id: 42,
      destination: '10.0.0.5',
      options: { erspan: { version: 2, direction: 1, hardwareId: 3 } }
    },
    words: 'ip id 42 dst 10.0.0.5 erspan_opts 2::1:3'
  },
  {
    name: 'seg6local End.DX4',
    destination: 'fd01::/64',
    encap: { type: 'seg6local', action: 'End.DX4', gateway: '10.0.0.9' },
    words: 'seg6local action End.DX4 nh4 10.0.0.9'
  },
  {
    name: 'seg6local End.X',
    destination: 'fd01::/64',
    encap: { type: 'seg6local', action: 'End.X', gateway: 'fd00::9' },
    words: 'seg6local action End.X nh6 fd00::9'
  },
  {
    name: 'seg6local End.T with counters',
    destination: 'fd01::/64',
    encap: { type: 'seg6local', action: 'End.T', table: 254, counters: true },
    words: 'seg6local action End.T table 254 count',
    reads: { type: 'seg6local', action: 'End.T', table: 254, counters: { packets: 0, bytes: 0, errors: 0 } }
  },
  {
    name: 'seg6local End.B6.Encaps',
    destination: 'fd01::/64',
    encap: { type: 'seg6local', action: 'End.B6.Encaps', header: { segments: ['fc00::1', 'fc00::2'] } },
    words: 'seg6local action End.B6.Encaps srh segs fc00::1,fc00::2'
  },
  {
    name: 'rpl',
    destination: 'fd01::/64',
    encap: { type: 'rpl', segments: ['fc00::1', 'fc00::2'] },
    words: 'rpl segs fc00::1,fc00::2'
  }
]

/**
 * With a fortified memcpy these kernels stop in the middle of `ip_tun_parse_opts`, and never give the routing
 * lock back: only a reboot helps. `ip route` does the same to them.
 */
const unharmed = kernelBefore(6, 15, 'tunnel options may oops the kernel')

/** ip prints the destination of the tunnel under the same key as that of the route. */
const show = (destination: string) => [destination.includes(':') ? '-6' : '-4', 'route', 'show', destination]

describe('encapsulations of routes', () => {
  needsProgram('ip')

  for (const { name, destination, encap, words, reads } of cases) {
    it(`writes and reads ${name}`, async (context) => {
      if ('options' in encap) await skipUnless(context, unharmed)
      await using host = await wired()
      const { routes } = host.stack
      const family = destination.includes(':') ? ['-6'] : []
      const command = [
        'ip',
        ...family,
        'route',
        'add',
        destination,
        'encap',
        ...words.split(' '),
        'dev',
        'v0'
      ]
      let refusal = ''
      await host.ns.run('sh', '-c', command.join(' ')).catch((error: Error) => (refusal = error.message))
      if (/not supported|Operation not supported/.test(refusal)) {
        context.skip(`the kernel does not have the encapsulation ${encap.type}, or ip lacks words for it`)
      }
      expect(refusal).toBe('')
      const printed = await host.ns.run('ip', '-j', '-d', ...show(destination))
      const theirs = await routes.list({ destination })
      expect(theirs).toMatchObject([{ encap: reads ?? encap }])
      await routes.delete(theirs[0]!)
      await routes.add({ destination, link: 'v0', encap })
      expect(await host.ns.run('ip', '-j', '-d', ...show(destination))).toBe(printed)
      expect(await routes.list({ destination })).toEqual(theirs)
    })
  }

  it('names what is wrong', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const refused: readonly (readonly [object, string])[] = [
      [{ type: 'mpls', labels: [] }, 'encap.labels'],
      [{ type: 'mpls', labels: [16, 1048576] }, 'encap.labels[1]'],
      [{ type: 'mpls' }, 'encap.labels'],
      [{ type: 'seg6', segments: ['10.0.0.1'] }, 'encap.segments[0]'],
      [{ type: 'seg6', mode: 'outline', segments: ['fc00::1'] }, 'encap.mode'],
      [{ type: 'seg6', segments: [] }, 'encap.segments'],
      [{ type: 'seg6' }, 'encap.segments'],
      [{ type: 'ip', ttl: 256 }, 'encap.ttl'],
      [{ type: 'ip', hopLimit: 2 }, 'encap.hopLimit'],
      [{ type: 'ip6', destination: '10.0.0.1' }, 'encap.destination'],
      [{ type: 'seg6local' }, 'encap.action'],
      [{ type: 'seg6local', action: 'End.Y' }, 'encap.action'],
      [{ type: 'gre' }, 'encap.type'],
      [{ type: 'bpf', labels: [1] }, 'encap.labels'],
      [{}, 'encap.type']
    ]
    for (const [encap, field] of refused) {
      await expect(
        routes.add({ destination: 'fd01::/64', link: 'v0', encap: encap as EncapsulationSpec }),
        JSON.stringify(encap)
      ).rejects.toMatchObject({ field })
    }
    expect(await routes.list({ destination: 'fd01::/64' })).toEqual([])
  })
})
