import { describe, expect, it } from 'vitest'
import { hostDriver } from '../../../../src/container/drivers/host/driver.js'
import { noneDriver } from '../../../../src/container/drivers/none/driver.js'
import { endpointOf, machine, planned } from './machine.js'

describe.each([hostDriver, noneDriver])('the driver $name', (driver) => {
  it('makes no links', async () => {
    await using m = await machine()
    const network = await planned(driver, m.host, { pools: [] })
    await driver.ensureNetwork(m.host, network)
    const inside = await m.sandbox()
    const plan = endpointOf(network)
    await driver.ensureEndpoint(m.host, inside, plan)
    expect(driver.defaultRoutes(plan)).toEqual([])
    const [lo, ...others] = await inside.stack.links.list()
    expect(others).toEqual([])
    // The namespace of a sandbox on the driver `host` is the host's: its loopback is nobody's affair.
    expect(lo!.up).toBe(driver === noneDriver)
    await driver.releaseEndpoint(m.host, inside, plan)
    await driver.removeLinks(m.host, [plan.endpoint])
    await driver.removeNetwork(m.host, network, [])
    expect(await m.host.stack.links.list()).toHaveLength(1)
  })

  it('takes no settings', async () => {
    await using m = await machine()
    const plan = (options: object) => planned(driver, m.host, { pools: [], ...options })
    await expect(plan({ bridge: {} })).rejects.toMatchObject({ field: 'bridge' })
    await expect(plan({ options: { parent: 'eth0' } })).rejects.toMatchObject({ field: 'options.parent' })
    await expect(plan({ pools: [{ subnet: '10.0.0.0/8' }] })).rejects.toMatchObject({ field: 'pools' })
    await expect(plan({ internal: true })).rejects.toMatchObject({ field: 'internal' })
  })
})
