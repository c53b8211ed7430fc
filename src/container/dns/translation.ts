import type { NetworkNamespace } from '../../namespace/index.js'
import type { Transaction } from '../../netfilter/nftables/index.js'
import * as nft from '../../netfilter/nftables/statements.js'
import { NetworkStack } from '../../network-stack.js'

/** The address of the resolver in each sandbox, as in Docker. */
export const resolverAddress = '127.0.0.11'

const dnsPort = 53

/** Of the table in the sandbox's namespace, which is the sandbox's own business otherwise. */
const table = { family: 'ip', name: 'netloom-dns' } as const
const chain = { family: 'ip', table: table.name, name: 'output' } as const

export interface ServerPorts {
  readonly udp: number
  readonly tcp: number
}

/**
 * Makes what the sandbox sends to 127.0.0.11:53 arrive at other ports, so that port 53 is free for itself. The kernel
 * translates the replies back. What there was of these rules before is replaced.
 */
export async function translate(namespace: NetworkNamespace, ports: ServerPorts): Promise<void> {
  await withStack(namespace, (stack) => stack.nftables.commit((tx) => write(tx, ports)))
}

/** The same, after an earlier server: its connections are forgotten, so that none leads to ports that it had. */
export async function takeOver(namespace: NetworkNamespace, ports: ServerPorts): Promise<void> {
  await withStack(namespace, async (stack) => {
    await stack.nftables.commit((tx) => write(tx, ports))
    await stack.conntrack.flush({ original: { destination: resolverAddress, destinationPort: dnsPort } })
  })
}

/** Takes the rules back; is content where there are none. */
export async function stopTranslating(namespace: NetworkNamespace): Promise<void> {
  await withStack(namespace, (stack) => stack.nftables.tables.destroy(table))
}

function write(tx: Transaction, ports: ServerPorts): void {
  const { family, table: name, name: output } = chain
  tx.tables.add(table)
  tx.chains.add({ ...chain, type: 'nat', hook: 'output', priority: 'dstnat' })
  tx.rules.flush({ family, table: name, chain: output })
  for (const protocol of ['udp', 'tcp'] as const) {
    const expressions = [
      nft.match(nft.ip.daddr, resolverAddress),
      nft.match(nft[protocol].dport, dnsPort),
      nft.dnat({ to: resolverAddress, port: ports[protocol] })
    ]
    tx.rules.add({ family, table: name, chain: output, expressions })
  }
}

async function withStack(
  namespace: NetworkNamespace,
  use: (stack: NetworkStack) => Promise<void>
): Promise<void> {
  const stack = await NetworkStack.open({ namespace })
  try {
    await use(stack)
  } finally {
    await stack.close()
  }
}
