import { within } from '../../codec/index.js'
import { NetloomError } from '../../netlink/index.js'
import type { NetworkDriver } from '../drivers/driver.js'
import { addressManagerNamed, driverNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import { kernelHasIpv6 } from '../engine/ipv6.js'
import { hostSubnets } from '../ipam/index.js'
import type { AddressManager, UsedSubnet } from '../ipam/index.js'
import type { NetworkOptions, NetworkRecord, NetworkRoute, Pool } from '../model/network.js'
import { currentProcess, listNetworks, putNetwork, randomId } from '../state/index.js'
import type { ReadTransaction, WriteTransaction } from '../state/index.js'
import { checkNetworkOptions, wantedPools } from './options.js'
import type { WantedPool } from './options.js'
import { checkRoutes, refuseUnreachable } from './routes.js'

/** A network that was checked, and that nobody knows of yet. */
export interface NetworkPlan {
  readonly id: string
  readonly options: NetworkOptions
  readonly driver: NetworkDriver
  readonly addressManager: AddressManager
  readonly ipv4: boolean
  readonly ipv6: boolean
  readonly pools: readonly WantedPool[]
  readonly routes: readonly NetworkRoute[]
  readonly driverOptions: Readonly<Record<string, unknown>>
  /** The ids of the driver's networks that it took into account. */
  readonly others: string
  readonly hostSubnets: readonly UsedSubnet[]
  /** Those of the host that a subnet which was asked for must not overlap. */
  readonly unsharedSubnets: readonly UsedSubnet[]
}

/** Checks the options of a network, and finds out what has to be known of the host. Nothing is written. */
export async function planNetwork(
  engine: Engine,
  options: NetworkOptions,
  id = randomId()
): Promise<NetworkPlan> {
  checkNetworkOptions(options)
  const driver = driverNamed(engine, options.driver ?? 'bridge')
  const addressManager = addressManagerNamed(engine, options.addressManager ?? 'default')
  const wanted = wantedPools(options, driver)
  const routes = checkRoutes(options.routes, driver)
  if (wanted.ipv6) requireIpv6()
  const others = engine.store.read((transaction) => networksOf(transaction, driver))
  const { stack } = engine.host
  const [driverOptions, subnets] = await Promise.all([
    driver.plan(engine.host, options, id, others),
    wanted.pools.length === 0 ? [] : hostSubnets(stack)
  ])
  const shared = driver.sharesSubnets?.(driverOptions) ?? false
  const unshared =
    typeof shared === 'boolean' ? (shared ? [] : subnets) : hostSubnets(stack, { except: shared })
  return {
    ...{ id, options, driver, addressManager, ...wanted, routes, driverOptions },
    others: idsOf(others),
    hostSubnets: subnets,
    unsharedSubnets: await unshared
  }
}

/** Chooses what is left to choose, and writes the network down. */
export async function claimNetwork(
  engine: Engine,
  first: NetworkPlan,
  phase: 'creating' | 'ready'
): Promise<NetworkRecord> {
  for (let plan = first; ; plan = await planNetwork(engine, plan.options, plan.id)) {
    const { id, options, driver, ipv4, ipv6, driverOptions, addressManager } = plan
    const claimed = await engine.store.write((transaction) => {
      const others = networksOf(transaction, driver)
      const { networks: most = Infinity } = driver.capabilities
      if (others.length >= most) {
        throw new NetloomError(
          'ERR_NETWORK_EXISTS',
          `there is a network of the driver ${driver.name} already`
        )
      }
      // One came or went since the driver looked: it has to look again.
      if (idsOf(others) !== plan.others) return undefined
      const network: NetworkRecord = {
        ...{ id, name: options.name, driver: driver.name, addressManager: addressManager.name },
        ...{ created: Date.now(), ipv4, ipv6, internal: options.internal ?? false },
        ...{ defaultRoute: options.defaultRoute ?? options.internal !== true, routes: plan.routes },
        pools: choosePools(transaction, plan),
        labels: options.labels ?? {},
        driverOptions,
        phase,
        ...(phase === 'creating' ? { owner: currentProcess() } : {})
      }
      putNetwork(transaction, network)
      return network
    })
    if (claimed !== undefined) return claimed
  }
}

function choosePools(transaction: WriteTransaction, plan: NetworkPlan): Pool[] {
  const { driver, addressManager } = plan
  const taken: UsedSubnet[] = listNetworks(transaction).flatMap(({ name, pools }) =>
    pools.map(({ subnet }) => ({ subnet, by: `network ${name}` }))
  )
  const pools: Pool[] = []
  for (const { family, options, index } of plan.pools) {
    const used = [...taken, ...(options.subnet === undefined ? plan.hostSubnets : plan.unsharedSubnets)]
    const choose = (): Pool =>
      addressManager.choosePool(transaction, { family, options, used, gateway: driver.capabilities.gateway })
    const pool = index === undefined ? choose() : within('pools', () => within(index, choose))
    taken.push({ subnet: pool.subnet, by: 'the same network' })
    pools.push(pool)
  }
  refuseUnreachable(plan.routes, pools)
  return pools
}

function networksOf(transaction: ReadTransaction, { name }: NetworkDriver): NetworkRecord[] {
  return listNetworks(transaction).filter(({ driver }) => driver === name)
}

const idsOf = (networks: readonly NetworkRecord[]): string => networks.map(({ id }) => id).join()

function requireIpv6(): void {
  if (kernelHasIpv6()) return
  const reason = 'the kernel was started without IPv6 (ipv6.disable=1): leave out ipv6 and pools of IPv6'
  throw new NetloomError('ERR_IPV6_DISABLED', reason)
}
