import { InvalidType } from '../../../codec/index.js'
import type { RuleBuilder } from '../rule/builder.js'
import { registerAt } from '../rule/registers.js'

/** `NFPROTO_*` and `ETH_P_*` of the protocols of the network header. */
const networks = {
  ip: { nfproto: 2, etherType: Uint8Array.of(0x08, 0x00) },
  ip6: { nfproto: 10, etherType: Uint8Array.of(0x86, 0xdd) },
  arp: { nfproto: 3, etherType: Uint8Array.of(0x08, 0x06) }
} as const

export type Network = keyof typeof networks

/** Makes sure that the packet is of a protocol: once in a rule, and as nft does it in that family. */
export function requireNetwork(builder: RuleBuilder, network: Network): void {
  const { family, known } = builder
  if (family === network) return
  if (family === 'ip' || family === 'ip6' || family === 'arp' || (family === 'inet' && network === 'arp')) {
    throw new InvalidType(family, `a family that sees ${network} packets`, 'ERR_INVALID_ARG_VALUE').within(
      'family'
    )
  }
  if (known.network === network) return
  known.network = network
  const place = builder.registers.take(4)
  const register = registerAt(place)
  const { nfproto, etherType } = networks[network]
  if (family === 'inet') {
    builder.emit({ kind: 'meta', key: 'nfproto', destinationRegister: register })
    builder.compare(register, '==', Uint8Array.of(nfproto))
  } else if (known.vlan === true || family === 'bridge') {
    loadLink(builder, register, known.vlan === true ? 16 : 12, 2)
    builder.compare(register, '==', etherType)
  } else {
    builder.emit({ kind: 'meta', key: 'protocol', destinationRegister: register })
    builder.compare(register, '==', etherType)
  }
  builder.registers.clear()
}

/** Makes sure that the packet has an Ethernet header. */
export function requireEther(builder: RuleBuilder): void {
  const { family, known } = builder
  if (family === 'bridge' || known.link === 'ether') return
  known.link = 'ether'
  const register = registerAt(builder.registers.take(4))
  builder.emit({ kind: 'meta', key: 'iiftype', destinationRegister: register })
  builder.compare(register, '==', Uint8Array.of(1, 0))
  builder.registers.clear()
}

/** Makes sure that the packet has an 802.1Q tag. */
export function requireVlan(builder: RuleBuilder): void {
  const { known } = builder
  if (known.vlan === true) return
  requireEther(builder)
  known.vlan = true
  const register = registerAt(builder.registers.take(4))
  loadLink(builder, register, 12, 2)
  builder.compare(register, '==', Uint8Array.of(0x81, 0x00))
  builder.registers.clear()
}

function loadLink(builder: RuleBuilder, register: number, offset: number, length: number): void {
  builder.emit({ kind: 'payload', destinationRegister: register, base: 'link', offset, length })
}

/** Makes sure that the packet is of a transport protocol, by its `IPPROTO_*` number. */
export function requireTransport(builder: RuleBuilder, protocol: number): void {
  if (builder.family === 'arp') {
    throw new InvalidType('arp', 'a family that sees IP packets', 'ERR_INVALID_ARG_VALUE').within('family')
  }
  const { known } = builder
  if (known.transport === protocol || known.transport === 'other') return
  known.transport = protocol
  const register = registerAt(builder.registers.take(4))
  builder.emit({ kind: 'meta', key: 'l4proto', destinationRegister: register })
  builder.compare(register, '==', Uint8Array.of(protocol))
  builder.registers.clear()
}
