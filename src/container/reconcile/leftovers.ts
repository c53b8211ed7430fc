import { NetworkNamespace, type NamespaceEntry } from '../../namespace/index.js'
import { NetworkStack } from '../../network-stack.js'
import type { Link } from '../../rtnetlink/link/index.js'
import type { Engine } from '../engine/engine.js'
import { readDeadMark } from '../engine/mark.js'
import { isGone } from '../engine/sandbox-namespaces.js'
import { hasCode } from '../errors/has-code.js'
import { namespaceName } from '../sandbox/create.js'
import { listEndpoints, listNetworks, listSandboxes } from '../state/index.js'
import type { Reconciliation } from './report.js'

/** How the links of endpoints on bridges are called. */
const endpointLink = /^veth[0-9a-f]{11}$/

/** How namespaces are called that were made for sandboxes. */
const sandboxNamespace = /^netloom-[0-9a-f]{12}$/

/**
 * Removes what bears the mark of this state directory and isn't known there, and what processes that are dead have left
 * behind that kept their state in memory. What is known is written down before it is made, so it is read afterwards.
 */
export async function removeLeftovers(engine: Engine, done: Reconciliation): Promise<void> {
  const { stack } = engine.host
  const [links, namespaces] = await Promise.all([stack.links.list(), NetworkNamespace.list()])
  const known = engine.store.read((transaction) => ({
    links: new Set([
      ...listNetworks(transaction).flatMap(({ driverOptions }) => Object.values(driverOptions)),
      ...listEndpoints(transaction).map(({ id }) => `veth${id.slice(0, 11)}`)
    ]),
    namespaces: new Set(listSandboxes(transaction).map(({ id }) => namespaceName(id)))
  }))
  await done.attempt(() => removeLinks(engine, links, known.links, done))
  const unknown = namespaces.filter(({ name }) => sandboxNamespace.test(name) && !known.namespaces.has(name))
  await done.attemptEach(unknown, (namespace) => removeNamespace(engine, namespace, done))
}

async function removeLinks(
  { host }: Engine,
  links: readonly Link[],
  known: ReadonlySet<unknown>,
  done: Reconciliation
): Promise<void> {
  const marks = new Map<number, Ownership>()
  for (const { index, alias } of links) {
    const dead = readDeadMark(alias)
    if (alias === host.mark) marks.set(index, { known: true })
    else if (dead !== undefined) marks.set(index, { known: false, table: dead.table })
  }
  const left = links.filter(({ index, name, master }) => {
    const own = marks.get(index)
    const bridge = master === undefined ? undefined : marks.get(master)
    if (own !== undefined) return !own.known || !known.has(name)
    return bridge !== undefined && endpointLink.test(name ?? '') && (!bridge.known || !known.has(name))
  })
  const { failures } = await host.stack.links.deleteMany(left, { ifMissing: 'skip' })
  if (failures[0] !== undefined) throw failures[0].error
  for (const { name = '' } of left) done.removed.push({ object: 'link', id: name })
  const tables = new Set([...marks.values()].flatMap(({ table }) => table ?? []))
  for (const name of tables) await deleteTable(host.stack, name)
}

interface Ownership {
  /** Of this state directory: what is known there stays. */
  readonly known: boolean
  /** The table of the dead process that it is left over from. */
  readonly table?: string
}

async function deleteTable({ nftables }: NetworkStack, name: string): Promise<void> {
  try {
    await nftables.commit((transaction) => transaction.tables.delete({ family: 'inet', name }))
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}

/** Removes a namespace if the alias of its loopback link says that it is ours, or nobody's any more. */
async function removeNamespace(
  { host }: Engine,
  { name, path }: NamespaceEntry,
  done: Reconciliation
): Promise<void> {
  try {
    const alias = await aliasOfNamespace(path)
    if (alias !== host.mark && readDeadMark(alias) === undefined) return
    await NetworkNamespace.remove(name)
    done.removed.push({ object: 'namespace', id: name })
  } catch (error) {
    // Whoever made it has removed it since it was listed.
    if (!isGone(error)) throw error
  }
}

async function aliasOfNamespace(path: string): Promise<string | undefined> {
  const stack = await NetworkStack.open({ namespace: { path } })
  try {
    return (await stack.links.get('lo')).alias
  } finally {
    await stack.close()
  }
}
