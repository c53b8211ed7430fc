/** A firewall that makes no rules and remembers what it was asked. */
import type { Firewall, FirewallNetwork, PublishedPort } from '../../../../src/container/firewall/index.js'

export interface RecordingFirewall extends Firewall {
  readonly networks: Map<string, FirewallNetwork>
  readonly ports: Set<string>
  /** What the next `publish` or `ensureNetwork` fails with. */
  failure: Error | undefined
}

const keyOf = ({ protocol, hostAddress, hostPort, containerAddress, containerPort }: PublishedPort): string =>
  `${hostAddress} ${hostPort}/${protocol} ${containerAddress} ${containerPort}`

export function recordingFirewall(): RecordingFirewall {
  const networks = new Map<string, FirewallNetwork>()
  const ports = new Set<string>()
  const firewall: RecordingFirewall = {
    networks,
    ports,
    failure: undefined,
    async ensureNetwork(network) {
      fail()
      networks.set(network.id, network)
    },
    async removeNetwork({ id }) {
      networks.delete(id)
    },
    async publish(published) {
      fail()
      for (const port of published) ports.add(keyOf(port))
    },
    async withdraw(published) {
      for (const port of published) ports.delete(keyOf(port))
    },
    async reconcile() {
      return false
    }
  }
  const fail = (): void => {
    if (firewall.failure !== undefined) throw firewall.failure
  }
  return firewall
}
