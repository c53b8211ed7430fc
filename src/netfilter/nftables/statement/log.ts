import { InvalidType } from '../../../codec/index.js'
import type { ExpressionInput } from '../expression/index.js'
import type { logLevel, logFlags } from '../expression/kinds/log.js'
import type { InputOf } from '../../../codec/index.js'

export interface LogOptions {
  /** At most 127 bytes. */
  readonly prefix?: string | undefined
  /** Of the kernel's log: `'warn'` by default. */
  readonly level?: InputOf<typeof logLevel> | undefined
  /** What to print of the packet beside the usual; `'all'` is everything. */
  readonly flags?: InputOf<typeof logFlags> | 'all' | undefined
  /** Sends it to who listens to this group of nfnetlink_log instead. */
  readonly group?: number | undefined
  /** With `group`: how many bytes of the packet. */
  readonly snaplen?: number | undefined
  /** With `group`: how many packets are sent together. */
  readonly queueThreshold?: number | undefined
}

const all = ['tcp sequence', 'tcp options', 'ip options', 'skuid', 'ether'] as const

/** Logs the packet, and goes on. */
export function log(options: LogOptions = {}): ExpressionInput {
  const { flags, group, level, ...rest } = options
  if (group !== undefined && (level !== undefined || flags !== undefined)) {
    throw new InvalidType(group, 'without a level and flags, which are of the kernel log').within('group')
  }
  return {
    kind: 'log',
    ...rest,
    ...(group === undefined ? {} : { group }),
    ...(level === undefined ? {} : { level }),
    ...(flags === undefined ? {} : { flags: flags === 'all' ? all : flags })
  }
}
