/** The firewall of a host, which can be told to fail. */
import { NftablesFirewall } from '../../../../src/container/firewall/index.js'
import type { Firewall } from '../../../../src/container/firewall/index.js'

export interface FragileFirewall extends Firewall {
  /** What making and publishing fails with from now on. */
  failure: Error | undefined
}

export function fragileFirewall(host: ConstructorParameters<typeof NftablesFirewall>[0]): FragileFirewall {
  const real = new NftablesFirewall(host)
  const firewall: FragileFirewall = {
    failure: undefined,
    async ensureNetwork(network) {
      fail()
      await real.ensureNetwork(network)
    },
    async publish(ports) {
      fail()
      await real.publish(ports)
    },
    removeNetwork: (network) => real.removeNetwork(network),
    withdraw: (ports) => real.withdraw(ports),
    reconcile: (networks, ports) => real.reconcile(networks, ports)
  }
  const fail = (): void => {
    if (firewall.failure !== undefined) throw firewall.failure
  }
  return firewall
}
