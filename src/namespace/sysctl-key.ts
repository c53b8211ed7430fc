import { invalidType, invalidValue, within } from '../codec/index.js'

/** A kernel parameter below `net`, as sysctl(8) spells it. */
export type SysctlKey = `net.${string}` | `net/${string}`

const expected =
  'a key below net, such as "net.ipv4.ip_forward", "net.ipv4.conf.eth0/100.rp_filter" or ' +
  '"net/ipv4/conf/eth0.100/rp_filter"'

/**
 * The file of a parameter, below /proc/sys. As in sysctl(8), what comes first in the key, a dot or a slash,
 * separates; the other one stands for a dot or a slash within a part, as in the name of a link `eth0.100`.
 */
export function sysctlPath(key: unknown, field: string | number = 'key'): string {
  return within(field, () => {
    if (typeof key !== 'string') invalidType(key, expected)
    const separator = /[./]/.exec(key)?.[0]
    if (separator === undefined || key.includes('\0')) invalidValue(key, expected)
    const parts = key.split(separator)
    const names = separator === '.' ? parts.map((part) => part.replaceAll('/', '.')) : parts
    // Nothing may lead out of /proc/sys/net.
    if (names[0] !== 'net' || names.some((name) => name === '' || name === '.' || name === '..')) {
      invalidValue(key, expected)
    }
    return `/proc/sys/${names.join('/')}`
  })
}

/** Keys with text in them that may look like numbers; `*` stands for one part. */
const textKeys = [
  'net.core.default_qdisc',
  'net.core.flow_limit_cpu_bitmap',
  'net.core.netdev_rss_key',
  'net.core.rps_default_mask',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_allowed_congestion_control',
  'net.ipv4.tcp_available_congestion_control',
  'net.ipv4.tcp_available_ulp',
  'net.ipv4.tcp_congestion_control',
  'net.ipv4.tcp_fastopen_key',
  'net.mptcp.available_path_managers',
  'net.mptcp.available_schedulers',
  'net.mptcp.path_manager',
  'net.mptcp.scheduler'
] as const

type NumberKey =
  | `net.bridge.bridge-nf-${string}`
  | `net.ipv4.conf.${string}`
  | `net.ipv4.neigh.${string}`
  | `net.ipv4.icmp_${string}`
  | `net.ipv4.igmp_${string}`
  | `net.ipv4.ip_forward${string}`
  | `net.ipv4.fib_${string}`
  | `net.ipv6.conf.${string}`
  | `net.ipv6.neigh.${string}`
  | `net.netfilter.nf_conntrack_${string}`
  | 'net.core.netdev_max_backlog'
  | 'net.core.rmem_default'
  | 'net.core.rmem_max'
  | 'net.core.somaxconn'
  | 'net.core.wmem_default'
  | 'net.core.wmem_max'
  | 'net.ipv4.ip_default_ttl'
  | 'net.ipv4.ip_nonlocal_bind'
  | 'net.ipv4.ip_unprivileged_port_start'
  | 'net.ipv4.tcp_fin_timeout'
  | 'net.ipv4.tcp_keepalive_time'
  | 'net.ipv4.tcp_max_syn_backlog'
  | 'net.ipv4.tcp_syncookies'
  | 'net.ipv4.tcp_tw_reuse'
  | 'net.ipv6.bindv6only'
  | 'net.ipv6.ip_nonlocal_bind'
  | 'net.nf_conntrack_max'

type TextKey = (typeof textKeys)[number] | `net.ipv6.conf.${string}.stable_secret`
type PairKey = 'net.ipv4.ip_local_port_range' | 'net.ipv4.ping_group_range'
type TripleKey = 'net.ipv4.tcp_rmem' | 'net.ipv4.tcp_wmem' | 'net.ipv4.tcp_mem' | 'net.ipv4.udp_mem'

/** What a parameter reads as. Of a key that has no type here, the form of its text decides. */
export type SysctlValue<Key extends string = string> = string extends Key
  ? number | readonly number[] | string
  : Key extends TextKey
    ? string
    : Key extends PairKey
      ? readonly [number, number]
      : Key extends TripleKey
        ? readonly [number, number, number]
        : Key extends NumberKey
          ? number
          : number | readonly number[] | string

/** What a parameter can be set to: `true` and `false` are 1 and 0, an array is a list of numbers. */
export type SysctlInput = number | bigint | boolean | string | readonly number[]

const textPaths = new Set<string>(textKeys.map((key) => sysctlPath(key)))

/** Reads the text of a parameter: a number, a list of numbers, or what else it is. */
export function readSysctl(path: string, text: string): number | number[] | string {
  const trimmed = text.trim()
  if (textPaths.has(path) || path.endsWith('/stable_secret')) return trimmed
  const words = trimmed.split(/\s+/)
  const numbers = words.map(Number)
  const plain = words.every((word, i) => /^-?[0-9]+$/.test(word) && Number.isSafeInteger(numbers[i]))
  if (!plain) return trimmed
  return numbers.length === 1 ? numbers[0]! : numbers
}

const expectedValue = 'a whole number, a boolean, a string of one line, or an array of whole numbers'

/** The text to write for a value. */
export function sysctlText(value: unknown, field: string): string {
  return within(field, () => {
    switch (typeof value) {
      case 'boolean':
        return value ? '1' : '0'
      case 'bigint':
        return String(value)
      case 'number':
        if (!Number.isSafeInteger(value)) invalidValue(value, expectedValue)
        return String(value)
      case 'string':
        if (/[\n\0]/.test(value)) invalidValue(value, expectedValue)
        return value
      default:
        if (!Array.isArray(value) || value.length === 0) invalidType(value, expectedValue)
        if (!value.every((item) => Number.isSafeInteger(item))) invalidValue(value, expectedValue)
        return value.join(' ')
    }
  })
}
