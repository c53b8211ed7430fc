/** A namespace where the kernel tracks connections, netloom in it, and what conntrack(8) prints of it. */
import { NetworkStack } from '../../../../src/index.js'
import type { Connection, Tuple } from '../../../../src/index.js'
import { testNamespace, type TestNamespace } from '../../../setup/namespace.js'
import type { Requirement } from '../../../setup/requirements.js'

/** A flow of `conntrack -L -o xml,extended,id`, in netloom's words. ICMP is printed without its query there. */
export type Flow = Pick<Connection, 'id' | 'family' | 'original' | 'reply' | 'timeout'> &
  Partial<Pick<Connection, 'mark' | 'zone' | 'use' | 'helper' | 'counters'>> & {
    readonly tcpState?: string | number
    readonly seenReply: boolean
    readonly assured: boolean
  }

export interface Tracked extends AsyncDisposable {
  readonly ns: TestNamespace
  readonly stack: NetworkStack
  readonly conntrack: NetworkStack['conntrack']
  flows(): Promise<Flow[]>
  /** `conntrack -L -o extended,id`, line by line. */
  lines(): Promise<string[]>
}

/** The least that makes the kernel track connections, with labels and counters. */
const commands = [
  'ip link set lo up',
  'nft add table inet t',
  "nft add chain inet t c '{ type filter hook output priority 0; }'",
  'nft add rule inet t c ct state new counter',
  'nft add rule inet t c tcp dport 1 ct label set 1',
  'echo 1 > /proc/sys/net/netfilter/nf_conntrack_acct',
  'echo 1 > /proc/sys/net/netfilter/nf_conntrack_events'
]

export async function tracked(...more: string[]): Promise<Tracked> {
  const ns = await testNamespace()
  await ns.run('sh', '-ec', [...commands, ...more].join('\n'))
  const stack = await NetworkStack.open({ namespace: { path: ns.path } })
  return {
    ns,
    stack,
    conntrack: stack.conntrack,
    flows: async () => flowsOf(await ns.run('conntrack', '-L', '-o', 'xml,extended,id')),
    lines: async () => (await ns.run('conntrack', '-L', '-o', 'extended,id')).trim().split('\n'),
    async [Symbol.asyncDispose]() {
      await stack.close()
      ns.close()
    }
  }
}

/** The kernel has a helper of this name for TCP over IPv4. */
export function helper(name: string): Requirement {
  return async () => {
    await using host = await tracked()
    const ends = { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 1, destinationPort: 21 }
    return await host.conntrack
      .create({ original: { ...ends, protocol: 'tcp' }, timeout: 1, helper: name })
      .then(
        () => undefined,
        () => `the kernel has no conntrack helper ${name}`
      )
  }
}

/** The same of a connection as netloom reads it. */
export function flowOf(connection: Connection): Flow {
  const { id, family, original, reply, timeout, mark, zone, use, helper, counters, tcp, status } = connection
  return present<Flow>({
    id,
    family,
    original: withoutQuery(original),
    reply: withoutQuery(reply),
    timeout,
    mark,
    zone,
    use,
    helper,
    counters,
    tcpState: tcp?.state,
    seenReply: status.includes('seen_reply'),
    assured: status.includes('assured')
  })
}

function withoutQuery({ icmp: _, ...tuple }: Tuple): Tuple {
  return tuple
}

export function flowsOf(xml: string): Flow[] {
  return [...xml.matchAll(/<flow.*?<\/flow>/gs)].map(([flow]) => {
    const part = (direction: string) =>
      new RegExp(`<meta direction="${direction}">(.*?)</meta>`, 's').exec(flow)![1]!
    const whole = part('independent')
    const original = part('original')
    const reply = part('reply')
    const counters = counted(original)
    return present<Flow>({
      id: number(whole, 'id')!,
      family: /protonum="10"/.test(original) ? 'inet6' : 'inet',
      original: tupleOf(original),
      reply: tupleOf(reply),
      timeout: number(whole, 'timeout'),
      mark: number(whole, 'mark'),
      zone: number(whole, 'zone'),
      use: number(whole, 'use'),
      helper: text(flow, 'helper'),
      counters: counters && { original: counters, reply: counted(reply)! },
      tcpState: /protoname="tcp"/.test(original) ? text(whole, 'state')?.toLowerCase() : undefined,
      seenReply: !whole.includes('<unreplied/>'),
      assured: whole.includes('<assured/>')
    })
  })
}

function tupleOf(meta: string): Tuple {
  const [, protonum, name] = /<layer4 protonum="(\d+)" protoname="(\w+)"/.exec(meta)!
  const protocol = (
    name === 'unknown' ? (numbered[protonum!] ?? Number(protonum)) : name
  ) as Tuple['protocol']
  return present<Tuple>({
    source: text(meta, 'src')!,
    destination: text(meta, 'dst')!,
    protocol,
    sourcePort: number(meta, 'sport') ?? number(meta, 'srckey'),
    destinationPort: number(meta, 'dport') ?? number(meta, 'dstkey'),
    zone: number(meta, 'zone')
  })
}

/** Protocols that netloom has a name for, and conntrack(8) none. */
const numbered: Record<string, Tuple['protocol']> = { 50: 'esp' }

function counted(meta: string) {
  const packets = number(meta, 'packets')
  return packets === undefined ? undefined : { packets, bytes: number(meta, 'bytes')! }
}

function text(xml: string, tag: string): string | undefined {
  return new RegExp(`<${tag}>(.*?)</${tag}>`).exec(xml)?.[1]
}

function number(xml: string, tag: string): number | undefined {
  const found = text(xml, tag)
  return found === undefined ? undefined : Number(found)
}

type Undefinable<T> = { [K in keyof T]: T[K] | undefined }

/** Without what is undefined. */
function present<T extends object>(value: Undefinable<T>): T {
  return Object.fromEntries(Object.entries(value).filter(([, given]) => given !== undefined)) as T
}
