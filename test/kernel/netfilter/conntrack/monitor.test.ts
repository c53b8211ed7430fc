import { describe, expect, it } from 'vitest'
import type { Connection, ConntrackEvent, ConntrackMonitor } from '../../../../src/index.js'
import { needsConntrack, skipUnless } from '../../../setup/requirements.js'
import { helper, tracked } from './tracked.js'

const flow = (sourcePort: number) =>
  ({ source: '10.0.0.1', destination: '10.0.0.2', protocol: 'udp', sourcePort, destinationPort: 53 }) as const

const spec = (port: number) => ({ original: flow(port), timeout: 600 })

async function take(monitor: AsyncIterable<ConntrackEvent>, count: number): Promise<ConntrackEvent[]> {
  const events: ConntrackEvent[] = []
  for await (const event of monitor) if (events.push(event) === count) break
  return events
}

const summary = (event: ConntrackEvent) => {
  const { object, change, value, initial, resync } = event
  const { sourcePort } = object === 'connection' ? value.original : value.tuple
  return [object, change, sourcePort, ...(initial ? ['initial'] : []), ...(resync ? ['resync'] : [])].join(
    ' '
  )
}

describe('the monitor of connections', () => {
  needsConntrack()

  it('tells what is done after it was made, with all that is known', async () => {
    await using host = await tracked()
    const { conntrack } = host
    const monitor = conntrack.monitor()
    await conntrack.create({ ...spec(1), mark: 5 })
    await conntrack.update(spec(1), { status: ['seen_reply'] })
    await conntrack.delete(spec(1))
    const events = await take(monitor, 3)
    expect(events.map(summary)).toEqual(['connection new 1', 'connection update 1', 'connection delete 1'])
    expect(new Set(events.map(({ key }) => key)).size).toBe(1)
    expect(events[2]!.value).toMatchObject({
      original: flow(1),
      mark: 5,
      status: ['seen_reply', 'confirmed', 'dying'],
      counters: { original: { packets: 0 } }
    })
  })

  it('begins with what is there, if asked', async () => {
    await using host = await tracked()
    const { conntrack } = host
    await conntrack.create({ ...spec(1), mark: 9 })
    const monitor = conntrack.monitor({ initial: true })
    await conntrack.update(spec(1), { status: ['assured'] })
    const events = await take(monitor, 2)
    expect(events.map(summary)).toEqual(['connection new 1 initial', 'connection update 1'])
    expect(events[1]!.value).toMatchObject({ mark: 9, status: ['assured', 'confirmed'] })
  })

  it('tells of expectations, or of one kind of object alone', async (context) => {
    await skipUnless(context, helper('ftp'))
    await using host = await tracked()
    const { conntrack } = host
    const both = conntrack.monitor()
    const one = conntrack.monitor({ objects: ['expectation'] })
    const master = { ...flow(1), protocol: 'tcp', destinationPort: 21 } as const
    await conntrack.create({ original: master, timeout: 600, helper: 'ftp' })
    const tuple = { ...master, sourcePort: 7 }
    await conntrack.expectations.create({ master, tuple })
    await conntrack.expectations.delete({ tuple })
    expect((await take(both, 3)).map(summary)).toEqual([
      'connection new 1',
      'expectation new 7',
      'expectation delete 7'
    ])
    const events = await take(one, 2)
    expect(events.map(summary)).toEqual(['expectation new 7', 'expectation delete 7'])
  })

  it('makes up for events that the kernel dropped', async () => {
    await using host = await tracked()
    const { conntrack } = host
    await conntrack.createMany(Array.from({ length: 50 }, (_, i) => spec(i + 1)))
    await using monitor = conntrack.monitor({ receiveBuffer: 4096, initial: true })
    const count = 5000
    await conntrack.flush('all')
    await conntrack.createMany(Array.from({ length: count }, (_, i) => spec(i + 1000)))
    const view = new Map<string, Connection>()
    let resyncs = 0
    await follow(monitor, (event) => {
      if (event.resync === true) resyncs++
      if (event.change === 'delete') view.delete(event.key)
      else view.set(event.key, event.value as Connection)
      return view.size === count && [...view.values()].every(({ original }) => original.sourcePort! >= 1000)
    })
    expect(resyncs).toBeGreaterThan(0)
    const ports = [...view.values()].map(({ original }) => original.sourcePort)
    expect(new Set(ports).size).toBe(count)
    // And it goes on from there.
    expect((await conntrack.list()).length).toBe(count)
  })

  it('keeps nothing where that is asked, and says when events were lost', async () => {
    await using host = await tracked()
    const { conntrack } = host
    const monitor = conntrack.monitor({ resync: false, receiveBuffer: 4096 })
    await conntrack.create(spec(1))
    await conntrack.createMany(Array.from({ length: 2000 }, (_, i) => spec(i + 1000)))
    await expect(follow(monitor, () => false)).rejects.toMatchObject({ code: 'ENOBUFS', syscall: 'recvmsg' })
    const fresh = conntrack.monitor({ resync: false })
    await conntrack.update(spec(1), { mark: 4 })
    await conntrack.delete(spec(1))
    expect((await take(fresh, 2)).map(summary)).toEqual(['connection update 1', 'connection delete 1'])
  })

  it('ends with a signal, when it is closed, and with the stack', async () => {
    await using host = await tracked()
    const { conntrack, stack } = host
    const controller = new AbortController()
    const aborted = follow(conntrack.monitor({ signal: controller.signal }), () => false)
    const reason = new Error('enough')
    setTimeout(() => controller.abort(reason), 20)
    await expect(aborted).rejects.toBe(reason)
    const closed = conntrack.monitor()
    setTimeout(() => void closed.close(), 20)
    await follow(closed, () => false)
    const left = conntrack.monitor()
    setTimeout(() => void stack.close(), 20)
    await follow(left, () => false)
    await left.close()
  })

  it('refuses what it can not do', async () => {
    await using host = await tracked()
    const { conntrack } = host
    expect(() => conntrack.monitor({ objects: [] })).toThrow(expect.objectContaining({ field: 'objects' }))
    expect(() => conntrack.monitor({ objects: ['route' as 'connection'] })).toThrow(TypeError)
    expect(() => conntrack.monitor({ resync: false, initial: true })).toThrow(
      expect.objectContaining({ field: 'initial' })
    )
    const monitor = conntrack.monitor()
    await conntrack.create(spec(1))
    const reading = take(monitor, 2)
    await expect(take(monitor, 1)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await conntrack.delete(spec(1))
    await reading
  })
})

async function follow(monitor: ConntrackMonitor, done: (event: ConntrackEvent) => boolean): Promise<void> {
  for await (const event of monitor) if (done(event)) break
}
