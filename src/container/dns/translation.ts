import type { NetworkNamespace } from '../../namespace/index.js'
import type { Transaction } from '../../netfilter/nftables/index.js'
import * as nft from '../../netfilter/nftables/statements.js'
import { NetworkStack } from '../../network-stack.js'

/** The address of the resolver in each sandbox, as in Docker. */
export const resolverAddress = '127.0.0.11'

const dnsPort = 53

/** Of the table in the sandbox's namespace, which is the sandbox's own business otherwise. */
const table = { family: 'ip', name: 'netloom-dns' } as const
const place = { family: 'ip', table: table.name } as const
const chain = { ...place, chain: 'output' } as const

const protocols = ['udp', 'tcp'] as const

/** Where a server listens. */
export interface ServerPorts {
  readonly udp: number
  readonly tcp: number
}

/** What there is of an earlier server. */
export interface FoundRules {
  readonly exist: boolean
  /** Absent where the rules aren't whole. */
  readonly ports: ServerPorts | undefined
}

/**
 * The rules of one sandbox, by which what it sends to 127.0.0.11:53 arrives at the ports of a server: so port 53 is free
 * for itself. The kernel translates the replies back.
 *
 * The table's comment says which ports. A server that takes over from one that died listens at the same, so that
 * connections which the kernel remembers lead to it.
 */
export class Translation {
  readonly #stack: NetworkStack

  private constructor(stack: NetworkStack) {
    this.#stack = stack
  }

  /** Does something about the rules in a namespace. */
  static async within<T>(
    namespace: NetworkNamespace,
    work: (translation: Translation) => Promise<T>
  ): Promise<T> {
    const stack = await NetworkStack.open({ namespace })
    try {
      return await work(new Translation(stack))
    } finally {
      // Nobody has to wait for it: after a deletion it takes the kernel 10 to 20 ms (RCU).
      stack.close().catch(() => undefined)
    }
  }

  /** Looks for the rules of an earlier server. */
  async find(): Promise<FoundRules> {
    const tables = await this.#stack.nftables.tables.list({ family: table.family })
    const found = tables.find(({ name }) => name === table.name)
    return { exist: found !== undefined, ports: readPorts(found?.comment) }
  }

  /**
   * Makes the rules, unless they were found. Where others lead elsewhere, they are replaced, and the connections that they
   * led to are forgotten; the kernel looks through those of all namespaces for that, which takes it milliseconds.
   */
  async ensure(ports: ServerPorts, { exist, ports: known }: FoundRules): Promise<void> {
    const { nftables, conntrack } = this.#stack
    const same = known?.udp === ports.udp && known.tcp === ports.tcp
    if (same && (await nftables.rules.list(chain)).length === protocols.length) return
    await nftables.commit((tx) => {
      if (exist) tx.tables.destroy(table)
      write(tx, ports)
    })
    if (!exist || same) return
    const original = { destination: resolverAddress, destinationPort: dnsPort }
    await conntrack.flush({ original })
  }

  /** Takes the rules away; is content where there are none. */
  remove(): Promise<void> {
    return removeTranslation(this.#stack)
  }
}

/** Takes away the rules in the namespace of a stack, whoever made them; is content where there are none. */
export async function removeTranslation(stack: NetworkStack): Promise<void> {
  await stack.nftables.tables.destroy(table)
}

function write(tx: Transaction, ports: ServerPorts): void {
  tx.tables.add({ ...table, comment: `udp ${ports.udp} tcp ${ports.tcp}` })
  tx.chains.add({ ...place, name: chain.chain, type: 'nat', hook: 'output', priority: 'dstnat' })
  for (const protocol of protocols) {
    const expressions = [
      nft.match(nft.ip.daddr, resolverAddress),
      nft.match(nft[protocol].dport, dnsPort),
      nft.dnat({ to: resolverAddress, port: ports[protocol] })
    ]
    tx.rules.add({ ...chain, expressions })
  }
}

function readPorts(comment: string | undefined): ServerPorts | undefined {
  const found = /^udp (\d{1,5}) tcp (\d{1,5})$/.exec(comment ?? '')
  const [udp, tcp] = [Number(found?.[1]), Number(found?.[2])]
  return udp > 0 && udp <= 0xffff && tcp > 0 && tcp <= 0xffff ? { udp, tcp } : undefined
}
