import type { Address, Link, NetworkStack } from 'netloom'

/** Draws a namespace as the kernel has it: a box with its links, their addresses and the routes. */
export async function drawStack(name: string, stack: NetworkStack): Promise<void> {
  const [links, addresses, routes] = [
    await stack.links.list(),
    await stack.addresses.list({ family: 'inet' }),
    await stack.routes.list({ family: 'inet' })
  ]
  const lines: string[] = []
  for (const link of links.filter((candidate) => candidate.master === undefined)) {
    const ports = links.filter((port) => port.master === link.index)
    lines.push(describe(link, addresses))
    ports.forEach((port, i) =>
      lines.push(`${i === ports.length - 1 ? '└─' : '├─'} ${describe(port, addresses)}`)
    )
  }
  for (const route of routes) {
    const by = links.find((link) => link.index === route.link)?.name
    lines.push(
      `→ ${route.destination}` +
        (route.gateway === undefined ? '' : ` via ${route.gateway}`) +
        (by === undefined ? '' : ` by ${by}`)
    )
  }
  const width = Math.max(name.length + 2, ...lines.map((line) => line.length))
  console.log(`  ┌─ ${name} ${'─'.repeat(width - name.length - 1)}┐`)
  for (const line of lines) console.log(`  │ ${line.padEnd(width)} │`)
  console.log(`  └${'─'.repeat(width + 2)}┘\n`)
}

function describe(link: Link, addresses: readonly Address[]): string {
  const own = addresses.filter((address) => address.link === link.index).map((address) => address.address)
  const kind = link.kind === undefined ? '' : ` ${link.kind}`
  const state = link.operationalState === undefined ? '' : ` ${link.operationalState}`
  // The other end of a cable lies in another namespace; the kernel tells which by a number.
  const cable = link.linkNamespaceId === undefined ? '' : ` ⇄ namespace #${link.linkNamespaceId}`
  return `${link.name} (${link.index}${kind}${state})${cable} ${own.join(' ')}`.trimEnd()
}
