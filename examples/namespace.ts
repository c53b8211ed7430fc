/**
 * What can be done inside a namespace: a function on this thread, a process, a kernel parameter.
 *
 * Prints:
 *   lo
 *   1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN
 *   forwarding was 0, is 1
 */
import { readdirSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { NetworkNamespace } from 'netloom'

await using namespace = await NetworkNamespace.create()

// /proc/thread-self follows this thread; /proc/self would show the main thread's namespace.
console.log(namespace.runSync(() => readdirSync('/proc/thread-self/net/dev_snmp6')).join(' '))

const child = await namespace.spawn('ip', ['-o', 'link', 'show', 'lo'])
const [line] = (await text(child.stdout!)).split(' mode')
await child.exited
console.log(line)

const before = await namespace.sysctl.setMany({ 'net.ipv4.ip_forward': 1 })
const now = await namespace.sysctl.get('net.ipv4.ip_forward')
console.log(`forwarding was ${before['net.ipv4.ip_forward']}, is ${now}`)
