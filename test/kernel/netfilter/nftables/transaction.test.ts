import { describe, expect, it } from 'vitest'
import { NetlinkError, TransactionError, nft } from '../../../../src/index.js'
import type { Transaction } from '../../../../src/index.js'
import { nftLab } from './listing.js'
import { needsProgram, realRoot, skipUnless } from '../../../setup/requirements.js'

const { accept, counter, drop, ip, jump, match, tcp } = nft
const t = { family: 'inet', table: 't' } as const

function base(tx: Transaction): void {
  tx.tables.add({ family: 'inet', name: 't' })
  tx.chains.add({ ...t, name: 'c' })
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error
  )

describe('a transaction', () => {
  needsProgram('nft', 'ip')

  it('of 5,000 operations fails as a whole, and names the one that failed', async (context) => {
    // A user namespace can't have a send buffer that large.
    await skipUnless(context, realRoot())
    await using lab = await nftLab()
    const { nftables } = lab.stack
    await nftables.commit(base)
    const before = await lab.listing()
    const tx = nftables.transaction()
    for (let i = 0; i < 5000; i++) {
      const expressions =
        i === 3210 ? [counter(), match(ip.saddr, '@missing'), accept()] : [counter(), accept()]
      tx.rules.add({ ...t, chain: 'c', expressions })
    }
    const error = await failure(tx.commit())
    expect(error).toBeInstanceOf(TransactionError)
    expect(error).toBeInstanceOf(NetlinkError)
    expect(error).toMatchObject({
      code: 'ENOENT',
      index: 3210,
      attribute: 'expressions[1]',
      syscall: 'NFT_MSG_NEWRULE',
      complete: true,
      committed: 0
    })
    expect((error as TransactionError).failures).toHaveLength(1)
    expect((error as Error).message).toContain('operation 3210 of 5000 failed; nothing was changed')
    expect(await lab.listing()).toEqual(before)
  })

  it('tells of each operation that failed', async () => {
    await using lab = await nftLab()
    const tx = lab.stack.nftables.transaction()
    base(tx)
    const wrong = tx.rules.add({ ...t, chain: 'missing', expressions: [accept()] })
    const right = tx.rules.add({ ...t, chain: 'c', expressions: [accept()] })
    const other = tx.rules.add({
      ...t,
      chain: 'c',
      expressions: [counter(), [match(tcp.dport, 22), jump('nowhere')]]
    })
    expect([wrong, right, other]).toEqual([2, 3, 4])
    const error = (await failure(tx.commit())) as TransactionError
    expect(error.failures.map(({ index, error: { code, attribute } }) => [index, code, attribute])).toEqual([
      [2, 'ENOENT', 'chain'],
      [4, 'ENOENT', 'expressions[1][1]']
    ])
    expect(await lab.listing()).toEqual([])
  })

  it('names the element that failed, in a set and in a rule of its own', async () => {
    await using lab = await nftLab()
    const { nftables } = lab.stack
    await nftables.commit((tx) => {
      base(tx)
      tx.sets.add({ ...t, name: 's', key: 'ipv4_addr', interval: true })
      tx.elements.add({ ...t, name: 's' }, ['10.0.0.0/8'])
    })
    const overlap = nftables.elements.create({ ...t, name: 's' }, ['11.0.0.0/8', '12.0.0.0/8', '10.0.0.0/16'])
    expect(await failure(overlap)).toMatchObject({ code: 'EEXIST', attribute: 'elements[2]' })
    const rule = nftables.rules.add({
      ...{ ...t, chain: 'c' },
      expressions: [
        nft.verdictMap(tcp.dport, [
          [80, 'accept'],
          [81, { jump: 'nowhere' }]
        ])
      ]
    })
    expect(await failure(rule)).toMatchObject({ code: 'ENOENT', attribute: 'expressions[0].map[1]' })
  })

  it('can ask for a generation', async () => {
    await using lab = await nftLab()
    const { nftables } = lab.stack
    await nftables.commit(base)
    const { id, processName } = await nftables.generation()
    expect(processName).toBeTypeOf('string')
    await nftables.commit((tx) => tx.chains.add({ ...t, name: 'd' }), { generation: id })
    expect((await nftables.generation()).id).toBe(id + 1)
    const before = await lab.listing()
    const stale = nftables.commit((tx) => tx.chains.delete({ ...t, name: 'd' }), { generation: id })
    await expect(stale).rejects.toMatchObject({ code: 'ERR_STALE_GENERATION' })
    expect(await lab.listing()).toEqual(before)
  })

  it('reports a list of errors as incomplete where the kernel had more than there was room for', async (context) => {
    await skipUnless(context, realRoot())
    await using lab = await nftLab()
    const { nftables } = lab.stack
    await nftables.commit(base)
    const many = (count: number): Transaction => {
      const tx = nftables.transaction()
      for (let i = 0; i < count; i++) tx.rules.delete({ ...t, chain: 'c', handle: 1000 + i })
      return tx
    }
    const some = (await failure(many(1000).commit())) as TransactionError
    expect(some.failures.length).toBeGreaterThan(100)
    expect(some.complete).toBe(some.failures.length === 1000)
    const error = (await failure(many(100_000).commit())) as TransactionError
    expect(error).toBeInstanceOf(TransactionError)
    expect(error.index).toBe(0)
    expect(error.complete).toBe(false)
    expect(error.failures.length).toBeLessThan(100_000)
    expect(error.message).toContain('at least')
    // The connection is good for the next.
    await nftables.commit((tx) => tx.chains.add({ ...t, name: 'd' }))
  })

  it('is sent once', async () => {
    await using lab = await nftLab()
    const tx = lab.stack.nftables.transaction()
    base(tx)
    await tx.commit()
    expect(() => tx.tables.add({ family: 'ip', name: 'x' })).toThrow('committed already')
    await expect(tx.commit()).rejects.toMatchObject({ code: 'ERR_TRANSACTION_COMMITTED' })
  })

  it('that is empty does nothing', async () => {
    await using lab = await nftLab()
    await lab.stack.nftables.transaction().commit()
    expect(await lab.listing()).toEqual([])
  })

  it('that is too large is refused before it is sent, or split', async () => {
    await using lab = await nftLab({ sendBuffer: 32 * 1024 })
    const { nftables } = lab.stack
    const whole = (): Transaction => {
      const tx = nftables.transaction()
      base(tx)
      tx.sets.add({ ...t, name: 's', key: 'ipv4_addr' })
      tx.elements.add(
        { ...t, name: 's' },
        Array.from({ length: 10_000 }, (_, i) => `10.0.${i >>> 8}.${i & 255}`)
      )
      return tx
    }
    await expect(whole().commit()).rejects.toMatchObject({
      code: 'ERR_TRANSACTION_TOO_LARGE',
      message: expect.stringContaining('one datagram at most') as string
    })
    expect(await lab.listing()).toEqual([])
    await whole().commit({ atomic: false })
    expect(await nftables.elements.list({ ...t, name: 's' })).toHaveLength(10_000)
  })

  it('loads a million elements in parts', { timeout: 120_000 }, async () => {
    await using lab = await nftLab()
    const { nftables } = lab.stack
    await nftables.commit((tx) => {
      base(tx)
      tx.sets.add({ ...t, name: 's', key: 'ipv4_addr' })
    })
    function* elements() {
      for (let i = 0; i < 1_000_000; i++) yield `10.${i >>> 16}.${(i >>> 8) & 255}.${i & 255}`
    }
    const before = process.memoryUsage().rss
    let done = 0
    let most = 0
    const count = await nftables.elements.addMany({ ...t, name: 's' }, elements(), {
      onProgress(progress) {
        done = progress.done
        most = Math.max(most, process.memoryUsage().rss - before)
      }
    })
    expect(count).toBe(1_000_000)
    expect(done).toBe(1_000_000)
    expect(most).toBeLessThan(200 << 20)
    await nftables.elements.delete({ ...t, name: 's' }, ['10.15.66.63'])
    await expect(nftables.elements.delete({ ...t, name: 's' }, ['10.15.66.63'])).rejects.toThrow('ENOENT')
  })

  it('splits at operations, and tells what was committed', async () => {
    await using lab = await nftLab()
    const { nftables } = lab.stack
    const tx = nftables.transaction()
    base(tx)
    for (let i = 0; i < 4000; i++)
      tx.rules.add({ ...t, chain: 'c', expressions: [counter(), match(tcp.dport, [i, 80]), drop()] })
    const failed = tx.rules.add({ ...t, chain: 'c', expressions: [jump('nowhere')] })
    const progress: number[] = []
    const error = (await failure(
      tx.commit({ atomic: false, onProgress: ({ done }) => void progress.push(done) })
    )) as TransactionError
    expect(error).toMatchObject({ code: 'ENOENT', index: failed })
    expect(error.committed).toBe(progress.at(-1))
    expect(error.committed).toBeGreaterThan(1000)
    expect((await nftables.rules.list({ ...t })).length).toBe(error.committed - 2)
  }, 60_000)
})

describe('what can never be right', () => {
  it('is refused at once, with its path', async () => {
    await using lab = await nftLab()
    const tx = lab.stack.nftables.transaction()
    const rule = { ...t, chain: 'c' }
    const add =
      (...expressions: Parameters<typeof tx.rules.add>[0]['expressions']) =>
      () =>
        tx.rules.add({ ...rule, expressions })
    expect(add(accept(), match(tcp.dport, 70_000))).toThrow(
      'expressions[1].value must be a whole number from 0 to 65535; got 70000'
    )
    expect(add(match(ip.saddr, '10.0.0.1/8'))).toThrow(
      'expressions[0].value must be a prefix without host bits'
    )
    expect(add([accept(), match(ip.saddr, 'x')])).toThrow('expressions[0][1].value')
    expect(add(match(tcp.dport, [80, 'x']))).toThrow('expressions[0].value[1].key')
    expect(add({ kind: 'nope' } as never)).toThrow('expressions[0].kind')
    expect(add({ kind: 'cmp', sourceRegister: 1, operator: '==' } as never)).toThrow(
      'expressions[0].data must be given'
    )
    expect(() => tx.tables.add({ family: 'ipx' as never, name: 't' })).toThrow('family must be one of')
    expect(() => tx.tables.add({ family: 'ip', name: 't', flag: 1 } as never)).toThrow(
      'flag must be no key of a table'
    )
    expect(() =>
      tx.chains.add({ ...t, name: 'c', type: 'filter', hook: 'ingress', priority: 'nope' } as never)
    ).toThrow('priority')
    expect(() =>
      tx.chains.add({ family: 'arp', table: 't', name: 'c', type: 'filter', hook: 'prerouting', priority: 0 })
    ).toThrow('hook')
    expect(() => tx.sets.add({ ...t, name: 's', key: 'ipv5_addr' as never })).toThrow(
      'key must be a data type'
    )
    expect(() => tx.rules.delete({ ...rule } as never)).toThrow('handle')
    expect(tx.length).toBe(0)
  })
})
