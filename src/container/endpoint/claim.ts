import { within } from '../../codec/index.js'
import { NetloomError } from '../../netlink/index.js'
import type { NetworkDriver } from '../drivers/driver.js'
import { addressManagerNamed, driverNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import type { EndpointRecord } from '../model/endpoint.js'
import type { Family } from '../model/ip-address.js'
import type { NetworkRecord } from '../model/network.js'
import type { SandboxRecord } from '../model/sandbox.js'
import type { HostPort, PortBinding } from '../ports/index.js'
import {
  currentBoot,
  currentProcess,
  findNetwork,
  getNetwork,
  getSandbox,
  listEndpointsOfSandbox,
  putEndpoint
} from '../state/index.js'
import type { ReadTransaction, WriteTransaction } from '../state/index.js'
import { chooseInterfaceName } from './interface-name.js'
import type { CheckedOptions } from './options.js'
import { hasInterface, refuseMacAddress, refuseOptions, refuseTogether } from './refuse.js'

/** What an endpoint is asked to be. */
export interface EndpointRequest {
  readonly id: string
  readonly sandboxId: string
  /** Its name or id. */
  readonly network: string
  readonly options: CheckedOptions
  /** Interfaces that the sandbox has besides its endpoints. */
  readonly foreignInterfaces: readonly string[]
  /** Ports of the host that programs listen at. */
  readonly avoid: readonly HostPort[]
}

/** An endpoint that is being made, and what it belongs to. */
export interface ClaimedEndpoint {
  readonly endpoint: EndpointRecord
  readonly network: NetworkRecord
  readonly sandbox: SandboxRecord
}

/** Checks everything that can be in the way of an endpoint, chooses everything about it, and writes it down. */
export function claimEndpoint(
  engine: Engine,
  transaction: WriteTransaction,
  request: EndpointRequest
): ClaimedEndpoint {
  const { id, options } = request
  const network = findNetwork(transaction, request.network)
  const sandbox = requireSandbox(transaction, request.sandboxId)
  if (network.phase !== 'ready') {
    throw new NetloomError('ERR_NETWORK_NOT_FOUND', `the network ${network.name} is not ready`)
  }
  const driver = driverNamed(engine, network.driver)
  const others = listEndpointsOfSandbox(transaction, sandbox.id).filter(({ phase }) => phase !== 'gone')
  refuseTogether(transaction, network, sandbox, others)
  refuseOptions(network, driver.capabilities, options)
  refuseMacAddress(transaction, network, options)
  const address = takeAddress(engine, transaction, network, 'inet', id, options.address)
  const address6 = takeAddress(engine, transaction, network, 'inet6', id, options.address6)
  const endpoint: EndpointRecord = {
    ...{ id, networkId: network.id, driver: driver.name, sandboxId: sandbox.id, created: Date.now() },
    ...{ address, address6, linkLocalAddresses: options.linkLocalAddresses, macAddress: options.macAddress },
    interfaceName: interfaceName(request, network, driver, others),
    ...{ aliases: options.aliases, gatewayPriority: options.gatewayPriority, sysctls: options.sysctls },
    ports: takePorts(engine, transaction, request, network, { address, address6 }),
    ...{ bootId: currentBoot(), phase: 'connecting', owner: currentProcess() }
  }
  putEndpoint(transaction, endpoint)
  return { endpoint, network, sandbox }
}

/** Gives back what an endpoint has taken. */
export function releaseClaims(engine: Engine, transaction: WriteTransaction, endpoint: EndpointRecord): void {
  const { id, networkId, address, address6, ports } = endpoint
  engine.ports.release(transaction, id, ports)
  const network = getNetwork(transaction, networkId)
  if (network === undefined) return
  const manager = addressManagerNamed(engine, network.addressManager)
  for (const each of [address, address6]) {
    if (each !== undefined) manager.releaseAddress(transaction, networkId, each)
  }
}

/** A sandbox that can be connected. */
export function requireSandbox(transaction: ReadTransaction, id: string): SandboxRecord {
  const sandbox = getSandbox(transaction, id)
  if (sandbox?.phase === 'ready') return sandbox
  const what =
    sandbox === undefined ? `there is no sandbox ${id}` : `the sandbox ${sandbox.name} is not ready`
  throw new NetloomError('ERR_SANDBOX_NOT_FOUND', what)
}

function interfaceName(
  { options, foreignInterfaces }: EndpointRequest,
  network: NetworkRecord,
  { capabilities }: NetworkDriver,
  others: readonly EndpointRecord[]
): string | undefined {
  if (!hasInterface(capabilities)) return undefined
  const { interfacePrefix } = network.driverOptions
  const prefix = typeof interfacePrefix === 'string' ? interfacePrefix : 'eth'
  const names = others.flatMap((other) => other.interfaceName ?? [])
  return chooseInterfaceName(options.interfaceName, prefix, new Set([...names, ...foreignInterfaces]))
}

function takeAddress(
  engine: Engine,
  transaction: WriteTransaction,
  network: NetworkRecord,
  family: Family,
  owner: string,
  requested: string | undefined
): string | undefined {
  const pools = network.pools.filter((pool) => pool.family === family)
  if (pools.length === 0) return undefined
  const manager = addressManagerNamed(engine, network.addressManager)
  const take = (): string => manager.takeAddress(transaction, network.id, pools, owner, requested)
  return within(family === 'inet' ? 'address' : 'address6', take)
}

function takePorts(
  engine: Engine,
  transaction: WriteTransaction,
  { id, options, avoid }: EndpointRequest,
  network: NetworkRecord,
  { address, address6 }: Pick<EndpointRecord, 'address' | 'address6'>
): PortBinding[] {
  if (options.ports.length === 0) return []
  const families: Family[] = []
  if (address !== undefined) families.push('inet')
  if (address6 !== undefined) families.push('inet6')
  const { hostAddress } = network.driverOptions
  return engine.ports.take(transaction, options.ports, {
    ...{ owner: id, families, avoid },
    hostAddress: typeof hostAddress === 'string' ? hostAddress : undefined
  })
}
