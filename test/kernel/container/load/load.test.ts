/**
 * Many sandboxes on one network: made, connected, found by name, reached, and taken away again.
 *
 * `NETLOOM_SANDBOXES` says how many. A bridge has room for 1,023.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { decode, encode } from 'dns-packet'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Sandbox } from '../../../../src/container/index.js'
import { LmdbStore } from '../../../../src/container/state/index.js'
import type { NetworkNamespace } from '../../../../src/index.js'
import { needsKind, needsProgram } from '../../../setup/requirements.js'
import { client, serve } from '../firewall/talk.js'
import { Lab } from '../lab.js'
import { Report } from './report.js'

const count = Number(process.env['NETLOOM_SANDBOXES'] ?? 60)
const together = Math.min(50, Math.ceil(count / 3))
/** Milliseconds that an answer may take, however often it is asked for, and each time. */
const patience = 60_000
const attempt = 2_000
/**
 * The neighbour table, which all namespaces share, has room for 1,024 entries (`gc_thresh3`), and a pair that talks takes
 * two, which are only given up after five seconds. With more sandboxes than this some find no room at first, and try again.
 */
const roomyFor = 400

/** A sandbox of the load, as far as it has come. */
interface Member {
  readonly name: string
  readonly sandbox: Sandbox
  namespace: NetworkNamespace
  address: string
  /** What it finds under the name of the next one. */
  found: string | undefined
  stopServing: () => void
}

describe(`${count} sandboxes on one network`, () => {
  needsKind('bridge', 'veth')
  needsProgram('nft')
  let lab: Lab
  let stateDirectory: string

  beforeEach(async () => {
    lab = await Lab.open(false)
    stateDirectory = await lab.directory()
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  it('find and reach each other, and leave nothing', { timeout: 60_000 + count * 2_000 }, async () => {
    const { networks, sandboxes, settled } = await openNetworks()
    const before = await whatThereIs()
    await networks.create({ name: 'crowd', pools: [{ subnet: '10.88.0.0/16' }] })
    const report = new Report(count, together)
    onTestFinished(() => report.print(`${count} sandboxes, ${together} at a time`))
    const members: Member[] = []
    const after = (index: number): Member => members[(index + 1) % count]!

    await report.each('create', async (index) => {
      const name = `member${index}`
      const sandbox = await sandboxes.create({ name })
      members[index] = { name, sandbox } as Member
    })
    await report.each('connect', async (index) => {
      const member = members[index]!
      const { address } = await member.sandbox.connect('crowd')
      member.address = address!.split('/')[0]!
    })
    expect(new Set(members.map(({ address }) => address)).size).toBe(count)
    expect((await networks.inspect('crowd')).endpoints).toHaveLength(count)

    await report.each('listen', async (index) => {
      const member = members[index]!
      member.namespace = await member.sandbox.openNamespace()
      member.stopServing = await serve(member.namespace, member.name, 80, 'inet')
    })
    await report.each('resolve', async (index) => {
      const member = members[index]!
      member.found = await lookUp(member.namespace, after(index).name)
    })
    expect(members.map(({ found }) => found)).toEqual(members.map((_, index) => after(index).address))
    const answers: (string | undefined)[] = []
    let repeated = 0
    await report.each('reach', async (index) => {
      const { namespace, found } = members[index]!
      for (const began = performance.now(); performance.now() - began < patience; repeated++) {
        const asker = await client(namespace, 'tcp', found!, 80)
        answers[index] = await asker.ask(attempt)
        asker.close()
        if (answers[index] !== undefined) return
      }
    })
    if (count > roomyFor) console.log(`${repeated} connections were tried again`)
    else expect(repeated).toBe(0)
    expect(answers).toEqual(members.map(({ address }, index) => `${after(index).name} ${address}`))

    await report.each('close', async (index) => {
      members[index]!.stopServing()
      await members[index]!.namespace.close()
    })
    await report.each('disconnect', (index) => members[index]!.sandbox.disconnect('crowd'))
    await report.once('delete the links', settled)
    await report.each('remove', (index) => sandboxes.remove(members[index]!.sandbox.id))
    await report.once('remove the network', () => networks.remove('crowd'))
    expect(await whatThereIs()).toEqual(before)
    const names = members.map(({ sandbox: { id } }) => `netloom-${id.slice(0, 12)}`)
    expect((await readdir('/run/netns')).filter((name) => names.includes(name))).toEqual([])
  })

  async function openNetworks() {
    const opened = await lab.networksOf({ stateDirectory })
    const { networks, sandboxes } = opened
    return { networks, sandboxes, settled: () => opened.settled() }
  }

  /** What could be left over on the host, in the state directory, and in the store. */
  async function whatThereIs(): Promise<unknown> {
    const { stack } = lab.host
    const store = await LmdbStore.open(stateDirectory)
    const keys = store.read((transaction) => [...transaction.list('')].map(([key]) => key))
    await store.close()
    return {
      links: await lab.links(),
      addresses: (await stack.addresses.list()).map(({ address }) => address).sort(),
      routes: (await stack.routes.list()).map(({ destination }) => destination).sort(),
      neighbors: (await stack.neighbors.list({ family: 'inet' }))
        .map(({ destination }) => destination)
        .sort(),
      rules: await lab.rules(),
      folders: await readdir(join(stateDirectory, 'sandboxes')).catch(() => []),
      // The rest is of the directory, and not of what there is in it.
      keys: keys.filter((key) => !key.startsWith('meta/')).sort()
    }
  }
})

/** Asks the DNS of a sandbox for the IPv4 address of a name. */
async function lookUp(namespace: NetworkNamespace, name: string): Promise<string | undefined> {
  const socket = createSocket('udp4')
  const listening = once(socket, 'listening')
  socket.bind({ fd: await namespace.openSocket({ type: 'udp', family: 'inet' }) })
  await listening
  try {
    const signal = AbortSignal.timeout(patience)
    const answered = once(socket, 'message', { signal }) as Promise<[Buffer]>
    const query = encode({ type: 'query', id: 7, flags: 0x100, questions: [{ type: 'A', name }] })
    socket.send(query, 53, '127.0.0.11')
    const { answers = [] } = decode((await answered)[0])
    return answers.flatMap((answer) => (answer.type === 'A' ? answer.data : []))[0]
  } finally {
    socket.close()
  }
}
