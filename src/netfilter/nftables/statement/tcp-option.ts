import type { ExpressionInput } from '../expression/index.js'
import { tcpOptionNumbers } from '../selector/tcp-option.js'

/** Overwrites a TCP option with padding: nft's `reset tcp option`. */
export function resetTcpOption(option: keyof typeof tcpOptionNumbers | number): ExpressionInput {
  const type = typeof option === 'number' ? option : tcpOptionNumbers[option]
  return { kind: 'exthdr', type, operation: 'tcpopt' }
}
