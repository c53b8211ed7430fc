/**
 * The main job: containers built by hand on a real kernel, proved with real traffic.
 *
 * It runs in namespaces of its own (scripts/isolated.js); its "host" is one of them. The machine's network is
 * never touched, and nothing is left behind.
 */
import { release } from 'node:os'
import { NetworkNamespace, NetworkStack } from 'netloom'
import { drawStack } from './picture.js'
import { containersThatReachEachOther, oneContainer } from './recipes.js'
import type { Recipe, Site } from './recipes.js'
import { forkIp, hasIp } from './fork.js'
import { cells, milliseconds, printTable } from './table.js'
import { getThrough, serve } from './traffic.js'

const started = performance.now()
const who = process.env['NETLOOM_ISOLATION'] === 'root' ? 'root' : 'an ordinary user, in a user namespace'
console.log(`netloom on Linux ${release()}, Node.js ${process.version}, as ${who}\n`)

const canFork = await hasIp()
if (!canFork)
  console.log('The program `ip` (package iproute2) is missing: the column beside netloom stays empty.\n')

for (const recipe of [oneContainer, containersThatReachEachOther]) await show(recipe)
console.log(`Everything is removed again. ${milliseconds(performance.now() - started)} in all.`)

async function show(recipe: Recipe): Promise<void> {
  console.log(`── ${recipe.title} ${'─'.repeat(Math.max(0, 76 - recipe.title.length))}\n`)
  const forked = canFork ? await byForking(recipe) : undefined

  const rows: string[][] = []
  let total = 0
  let forkedTotal = 0
  const add = (title: string, own: number, other: number | undefined): void => {
    total += own
    forkedTotal += other ?? 0
    rows.push(cells(title, own, other))
  }

  const namespaces = new Map<string, NetworkNamespace>()
  const stacks = new Map<string, NetworkStack>()
  const open = async (): Promise<void> => {
    for (const name of recipe.namespaces) {
      const namespace = await NetworkNamespace.create(name, { removeOnClose: true })
      namespaces.set(name, namespace)
      stacks.set(name, await NetworkStack.open({ namespace }))
    }
  }
  const site = {
    namespace: (name: string) => namespaces.get(name)!,
    stack: (name: string) => stacks.get(name)!
  }
  try {
    add(`create ${recipe.namespaces.length} namespaces`, await timed(open), forked?.created)
    for (const [i, step] of recipe.steps.entries()) {
      add(step.title, await timed(() => step.build(site)), forked?.steps[i])
    }
    for (const name of recipe.namespaces) await drawStack(name, site.stack(name))
    await prove(recipe, site)
  } finally {
    const removed = await timed(async () => {
      for (const stack of stacks.values()) await stack.close()
      for (const namespace of namespaces.values()) await namespace.close()
    })
    add('remove everything', removed, forked?.removed)
    rows.push(cells('total', total, canFork ? forkedTotal : undefined))
    printTable(['step', 'netloom', 'forking ip', 'ratio'], rows)
  }
}

/** An HTTP server in one namespace, a client in another: who asks, and what came back. */
async function prove(recipe: Recipe, site: Site): Promise<void> {
  for (const { from, to, address } of recipe.traffic) {
    await using server = await serve(site.namespace(to), address, `hello from ${to}`)
    const body = await getThrough(site.namespace(from), address, server.port)
    if (body !== `hello from ${to}`) throw new Error(`${from} asked ${to} and got ${JSON.stringify(body)}`)
    console.log(`  ${from} → http://${address}:${server.port}/ → "${body}"`)
  }
  console.log()
}

/** The same steps with `ip`, one process each. */
async function byForking(recipe: Recipe): Promise<{ created: number; steps: number[]; removed: number }> {
  const remove = async (): Promise<void> => {
    for (const name of recipe.namespaces) await forkIp(['netns', 'delete', name])
  }
  const created = await timed(async () => {
    for (const name of recipe.namespaces) await forkIp(['netns', 'add', name])
  })
  const steps: number[] = []
  try {
    for (const step of recipe.steps) {
      const all = async (): Promise<void> => {
        for (const command of step.ip) await forkIp(command.split(' '))
      }
      steps.push(await timed(all))
    }
  } catch (error) {
    await remove()
    throw error
  }
  return { created, steps, removed: await timed(remove) }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await work()
  return performance.now() - since
}
