import { describe, expect, it } from 'vitest'
import { nft } from '../../../../src/index.js'
import type { NftEvent, NftTraceEvent } from '../../../../src/index.js'
import { needsProgram } from '../../../setup/requirements.js'
import { nftLab } from './listing.js'

const t = { family: 'inet', table: 't' } as const

describe('the monitor of a rule set', () => {
  needsProgram('nft', 'ip')

  it('tells what a transaction changed, and that it is over', async () => {
    await using lab = await nftLab()
    const { nftables } = lab.stack
    const monitor = nftables.monitor()
    await nftables.commit((tx) => {
      tx.tables.add({ family: 'inet', name: 't' })
      tx.chains.add({ ...t, name: 'c' })
      tx.sets.add({ ...t, name: 's', key: 'ipv4_addr', interval: true })
      tx.elements.add({ ...t, name: 's' }, ['10.0.0.0/8'])
      tx.objects.add({ ...t, kind: 'counter', name: 'k' })
      tx.rules.add({ ...t, chain: 'c', expressions: [nft.match(nft.ip.saddr, '@s'), nft.accept()] })
    })
    await lab.nft('delete element inet t s { 10.0.0.0/8 }')
    await nftables.tables.delete({ family: 'inet', name: 't' })
    const events: NftEvent[] = []
    for await (const event of monitor) {
      events.push(event)
      if (event.object === 'table' && event.change === 'delete') break
    }
    const told = events.map(({ object, change }) => `${change} ${object}`)
    expect(told.slice(0, 7)).toEqual([
      ...['new table', 'new chain', 'new set', 'new elements', 'new object', 'new rule', 'new generation']
    ])
    expect(told).toContain('delete elements')
    expect(events.find(({ object }) => object === 'elements')?.value).toEqual({
      ...{ family: 'inet', table: 't', set: 's' },
      elements: [{ key: '10.0.0.0/8' }]
    })
    expect(told.at(-1)).toBe('delete table')
  })

  it('ends with the stack, and by its signal', async () => {
    const lab = await nftLab()
    const monitor = lab.stack.nftables.monitor()
    const controller = new AbortController()
    const other = lab.stack.nftables.trace({ signal: controller.signal })
    const reading = (async () => {
      for await (const _ of other) void _
    })()
    controller.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    await lab[Symbol.asyncDispose]()
    for await (const _ of monitor) void _
  })

  it('reads all again when events were lost', async () => {
    await using lab = await nftLab()
    const { nftables } = lab.stack
    const monitor = nftables.monitor({ receiveBuffer: 4096 })
    await nftables.commit((tx) => tx.tables.add({ family: 'inet', name: 't' }))
    // More than is read ahead of the loop.
    for (let part = 0; part < 4; part++) {
      await nftables.commit((tx) => {
        for (let i = 0; i < 5000; i++) tx.chains.add({ ...t, name: `c${part}-${i}` })
      })
    }
    for await (const event of monitor) {
      if (event.object !== 'ruleset') continue
      expect(event.value.chains).toHaveLength(20_000)
      break
    }
  })
})

describe('the trace', () => {
  needsProgram('nft', 'ip', 'ping')

  it('tells what became of a packet, rule by rule', async () => {
    await using lab = await nftLab()
    const { nftables } = lab.stack
    await nftables.commit((tx) => {
      tx.tables.add({ family: 'inet', name: 't' })
      tx.chains.add({ ...t, name: 'd' })
      tx.chains.add({ ...t, name: 'c', type: 'filter', hook: 'output', priority: 0 })
      tx.rules.add({ ...t, chain: 'd', expressions: [nft.drop()] })
      tx.rules.add({
        ...{ ...t, chain: 'c' },
        expressions: [
          nft.match(nft.icmp.type, 'echo-request'),
          nft.assign(nft.meta.nftrace, true),
          nft.jump('d')
        ]
      })
    })
    const trace = nftables.trace()
    await lab.ns.run('ping', '-c', '1', '-W', '1', '127.0.0.1').catch(() => undefined)
    const steps: NftTraceEvent[] = []
    for await (const step of trace) {
      if (step.type === 'lost') continue
      steps.push(step)
      if (step.verdict === 'drop') break
    }
    expect(steps.map(({ chain, type, verdict }) => [chain, type, verdict])).toEqual([
      ['c', 'rule', { jump: 'd' }],
      ['d', 'rule', 'drop']
    ])
    expect(new Set(steps.map(({ id }) => id)).size).toBe(1)
    expect([...steps[0]!.networkHeader!.slice(12, 16)]).toEqual([127, 0, 0, 1])
    const [rule] = await nftables.rules.list({ ...t, chain: 'd' })
    expect(steps[1]!.ruleHandle).toBe(rule!.handle)
  })
})
