/**
 * A load balancer takes a backend away: the connections that the kernel has translated to it are forgotten, so
 * that their next packets go elsewhere, and a monitor tells of each.
 *
 * Connections are tracked where a rule needs it. Here they are made by hand, as a standby router does with those
 * that it takes over.
 *
 * Prints:
 *   10.0.0.1:40001 to 192.0.2.1:80 is answered by 10.1.0.1
 *   10.0.0.1:40002 to 192.0.2.1:80 is answered by 10.1.0.2
 *   10.0.0.1:40003 to 192.0.2.1:80 is answered by 10.1.0.1
 *   forgotten: 2
 *   ended: 40001 40003
 *   left: 1
 */
import { NetworkNamespace, NetworkStack } from 'netloom'

await using namespace = await NetworkNamespace.create()
await using stack = await NetworkStack.open({ namespace })
const { conntrack } = stack

// Counters, and events also of connections that begin while nobody listens. Gives what was set before.
const before = await namespace.sysctl.setMany({
  'net.netfilter.nf_conntrack_events': 1,
  'net.netfilter.nf_conntrack_acct': 1
})

for (const [sourcePort, backend] of [
  [40001, '10.1.0.1'],
  [40002, '10.1.0.2'],
  [40003, '10.1.0.1']
] as const) {
  await conntrack.create({
    original: {
      source: '10.0.0.1',
      destination: '192.0.2.1',
      protocol: 'tcp',
      sourcePort,
      destinationPort: 80
    },
    destinationNat: { address: backend, port: 8080 },
    tcp: { state: 'established' },
    status: ['seen_reply', 'assured'],
    timeout: 600
  })
}

const connections = await conntrack.list({ protocol: 'tcp', original: { destination: '192.0.2.1' } })
for (const { original, reply } of connections.sort(
  (a, b) => a.original.sourcePort! - b.original.sourcePort!
)) {
  const from = `${original.source}:${original.sourcePort}`
  const to = `${original.destination}:${original.destinationPort}`
  console.log(`${from} to ${to} is answered by ${reply.source}`)
}

const monitor = conntrack.monitor({ objects: ['connection'] })
const forgotten = await conntrack.flush({ reply: { source: '10.1.0.1' } })
console.log('forgotten:', forgotten)

const ended: number[] = []
for await (const { object, change, value } of monitor) {
  if (object === 'connection' && change === 'delete') ended.push(value.original.sourcePort!)
  if (ended.length === forgotten) break
}
console.log('ended:', ...ended.sort())

const { entries } = await conntrack.statistics()
console.log('left:', entries)
await namespace.sysctl.setMany(before)
