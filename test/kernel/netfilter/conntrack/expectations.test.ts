import { describe, expect, it } from 'vitest'
import { needs, needsConntrack } from '../../../setup/requirements.js'
import { helper, tracked } from './tracked.js'

const master = {
  source: '10.0.0.1',
  destination: '10.0.0.2',
  protocol: 'tcp',
  sourcePort: 1000,
  destinationPort: 21
} as const

/** The data connection that the server of `master` opens. */
const data = (destinationPort: number) =>
  ({ source: '10.0.0.2', destination: '10.0.0.1', protocol: 'tcp', sourcePort: 0, destinationPort }) as const

async function withMaster() {
  const host = await tracked()
  await host.conntrack.create({
    original: master,
    timeout: 600,
    helper: 'ftp',
    tcp: { state: 'established' }
  })
  return { ...host, expectations: host.conntrack.expectations }
}

describe('expectations', () => {
  needsConntrack()
  needs(helper('ftp'))

  it('are made as conntrack prints them, and read back', async () => {
    await using host = await withMaster()
    const { expectations } = host
    await expectations.create({ master, tuple: data(3000), timeout: 50, flags: ['permanent'], helper: 'ftp' })
    const printed = await host.ns.run('conntrack', '-L', 'expect')
    expect(printed).toMatch(
      /^(49|50) proto=6 src=10.0.0.2 dst=10.0.0.1 sport=0 dport=3000 mask-src=255.255.255.255 .* master-src=10.0.0.1 master-dst=10.0.0.2 sport=1000 dport=21 PERMANENT class=0 helper=ftp/
    )
    const [expectation] = await expectations.list()
    expect(expectation).toMatchObject({
      family: 'inet',
      master,
      tuple: data(3000),
      mask: { source: '255.255.255.255', sourcePort: 0, destinationPort: 65535 },
      helper: 'ftp',
      flags: ['permanent'],
      class: 0
    })
    expect(expectation!.timeout).toBeGreaterThan(40)
    expect(await expectations.get(expectation!)).toEqual(expectation)
    await expectations.delete(expectation!)
    expect(await host.ns.run('conntrack', '-L', 'expect')).toBe('')
  })

  it('are translated as their master is', async () => {
    await using host = await withMaster()
    const nat = {
      direction: 'reply',
      tuple: { ...data(0), source: '192.0.2.1', destination: '0.0.0.0' }
    } as const
    await host.expectations.create({ master, tuple: data(3000), nat })
    expect((await host.expectations.list())[0]!.nat).toMatchObject({
      direction: 'reply',
      tuple: { source: '192.0.2.1' }
    })
  })

  it('are filtered and flushed, and no others', async () => {
    await using host = await withMaster()
    const { expectations, conntrack } = host
    const other = { ...master, source: '10.0.0.9' }
    await conntrack.create({ original: other, timeout: 600, helper: 'ftp' })
    await expectations.create({ master, tuple: data(3000) })
    await expectations.create({ master: other, tuple: { ...data(3001), destination: '10.0.0.9' } })
    const ports = async (filter = {}) =>
      (await expectations.list(filter)).map(({ tuple }) => tuple.destinationPort).sort()
    expect(await ports()).toEqual([3000, 3001])
    expect(await ports({ master: { source: '10.0.0.9' } })).toEqual([3001])
    expect(await ports({ tuple: { destinationPort: 3000 } })).toEqual([3000])
    expect(await ports({ helper: 'ftp', family: 'inet' })).toEqual([3000, 3001])
    expect(await ports({ helper: 'sip' })).toEqual([])
    expect(await expectations.flush({ master: { source: '10.0.0.9' } })).toBe(1)
    expect(await ports()).toEqual([3000])
    await expect(expectations.flush({})).rejects.toMatchObject({ code: 'ERR_MISSING_FIELD' })
    expect(await expectations.flush('all')).toBe(1)
    const created = (await expectations.statistics()).reduce((sum, { create = 0 }) => sum + create, 0)
    expect(created).toBe(2)
  })

  it('have their errors: no master, no helper, there already, not there', async () => {
    await using host = await withMaster()
    const { expectations, conntrack } = host
    const lone = { ...master, sourcePort: 5 }
    const refused = (spec: Parameters<typeof expectations.create>[0]) =>
      expect(expectations.create(spec)).rejects
    await refused({ master: lone, tuple: data(3000) }).toMatchObject({ code: 'ENOENT' })
    await conntrack.create({ original: lone, timeout: 600 })
    await refused({ master: lone, tuple: data(3000) }).toMatchObject({ code: 'EOPNOTSUPP' })
    await expectations.create({ master, tuple: data(3000) })
    await refused({ master, tuple: data(3000) }).toMatchObject({ code: 'EEXIST' })
    await expect(expectations.delete({ tuple: data(3001) })).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(expectations.get({ tuple: data(3001) })).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
