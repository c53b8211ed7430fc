import type { RouteMetrics } from '../../rtnetlink/route/index.js'

/** By the words of ip-route(8), and in its order. */
const words = [
  ['mtu', 'mtu', ''],
  ['window', 'window', ''],
  ['rtt', 'rtt', 'ms'],
  ['rttVariance', 'rttvar', 'ms'],
  ['slowStartThreshold', 'ssthresh', ''],
  ['congestionWindow', 'cwnd', ''],
  ['advertisedMss', 'advmss', ''],
  ['reordering', 'reordering', ''],
  ['hopLimit', 'hoplimit', ''],
  ['initialCongestionWindow', 'initcwnd', ''],
  ['rtoMin', 'rto_min', 'ms'],
  ['initialReceiveWindow', 'initrwnd', ''],
  ['congestionControl', 'congctl', '']
] as const

/** The metrics of a route, a word and its value each: `'mtu lock 1400'`. */
export function metricsText(metrics: RouteMetrics): string[] {
  const locked = new Set<unknown>(metrics.lock)
  const texts: string[] = []
  for (const [key, word, unit] of words) {
    const value = metrics[key]
    if (value !== undefined) texts.push(`${word} ${locked.has(key) ? 'lock ' : ''}${value}${unit}`)
  }
  if (metrics.features !== undefined) texts.push(`features ${metrics.features.join(' ')}`)
  if (metrics.quickAck !== undefined) texts.push(`quickack ${Number(metrics.quickAck)}`)
  if (metrics.fastOpenNoCookie !== undefined)
    texts.push(`fastopen_no_cookie ${Number(metrics.fastOpenNoCookie)}`)
  return texts
}
