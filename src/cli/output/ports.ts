import { isIPv6 } from 'node:net'
import type { PortBinding } from '../../container/ports/port.js'

/** Where a port is reached on the host: `'0.0.0.0:8080'`, `'[::]:8080'`. */
export function hostEnd({ hostAddress, hostPort }: PortBinding): string {
  return `${isIPv6(hostAddress) ? `[${hostAddress}]` : hostAddress}:${hostPort}`
}

/** A port inside: `'80/tcp'`. */
export function containerEnd({ containerPort, protocol }: PortBinding): string {
  return `${containerPort}/${protocol}`
}

/** Published ports for a table, ranges put together: `'0.0.0.0:8000-8002->80-82/tcp'`. */
export function portsText(ports: readonly PortBinding[]): string {
  const sorted = ports.toSorted(
    (a, b) =>
      compare(a.protocol, b.protocol) ||
      compare(a.hostAddress, b.hostAddress) ||
      a.containerPort - b.containerPort ||
      a.hostPort - b.hostPort
  )
  const runs: { first: PortBinding; last: PortBinding }[] = []
  for (const port of sorted) {
    const run = runs.at(-1)
    if (run !== undefined && follows(port, run.last)) run.last = port
    else runs.push({ first: port, last: port })
  }
  return runs
    .map(({ first, last }) => {
      const host = first === last ? hostEnd(first) : `${hostEnd(first)}-${last.hostPort}`
      const inside =
        first === last ? `${first.containerPort}` : `${first.containerPort}-${last.containerPort}`
      return `${host}->${inside}/${first.protocol}`
    })
    .join(', ')
}

function follows(port: PortBinding, last: PortBinding): boolean {
  return (
    port.protocol === last.protocol &&
    port.hostAddress === last.hostAddress &&
    port.containerPort === last.containerPort + 1 &&
    port.hostPort === last.hostPort + 1
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
