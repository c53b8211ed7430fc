/** Networks on a kernel that was started without IPv6, as far as that can be played. */
import { describe, expect, it } from 'vitest'
import { needsKind, needsProgram } from '../../setup/requirements.js'
import { Lab } from './lab.js'
import { OtherProcess } from './other-process.js'

describe('without IPv6', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft', 'ping')

  it('there is a clear error where it is asked for, and IPv4 alone works', async () => {
    await using lab = await Lab.open(false)
    const other = await OtherProcess.start(lab.host.namespace, {}, 'mount -t tmpfs tmpfs /proc/sys/net/ipv6')
    for (const options of [{ ipv6: true }, { pools: [{ subnet: 'fd00:88::/64' }] }]) {
      const create = other.run(
        `await networks.networks.create(${JSON.stringify({ name: 'six', ...options })})`
      )
      await expect(create).rejects.toMatchObject({ code: 'ERR_IPV6_DISABLED' })
    }
    expect(await lab.links()).toEqual([])
    const found = await other.run(`
      const { readFile } = await import('node:fs/promises')
      await networks.networks.create({ name: 'four', pools: [{ subnet: '10.88.0.0/24' }] })
      const sandbox = await networks.sandboxes.create()
      return [await sandbox.connect('four'), await readFile(sandbox.files.hosts, 'utf8')]`)
    const [{ address }, hosts] = found as [{ address: string }, string]
    expect(address).toBe('10.88.0.2/24')
    expect(hosts).not.toContain('::1')
    expect(await lab.pings(lab.host, '10.88.0.2')).toBe(true)
    await other.close()
    expect(await lab.links()).toEqual([])
  })
})
