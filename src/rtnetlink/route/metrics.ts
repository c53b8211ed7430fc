import { attribute, bool32, flags, record, scaled, text, u32 } from '../../codec/index.js'
import type { InputOf, OutputOf } from '../../codec/index.js'

/** `RTAX_*` that can be locked, linux/rtnetlink.h, as bits. */
const metricLocks = flags(u32, {
  mtu: 1 << 2,
  window: 1 << 3,
  rtt: 1 << 4,
  rttVariance: 1 << 5,
  slowStartThreshold: 1 << 6,
  congestionWindow: 1 << 7,
  advertisedMss: 1 << 8,
  reordering: 1 << 9,
  hopLimit: 1 << 10,
  initialCongestionWindow: 1 << 11,
  features: 1 << 12,
  rtoMin: 1 << 13,
  initialReceiveWindow: 1 << 14,
  quickAck: 1 << 15,
  congestionControl: 1 << 16
})

/** `RTAX_FEATURE_*`, linux/rtnetlink.h, as `ip route` prints them. */
const metricFeatures = flags(u32, { ecn: 1, sack: 2, timestamp: 4, allfrag: 8, tcp_usec_ts: 16 })

/** `RTA_METRICS`: `RTAX_*`, linux/rtnetlink.h; what they mean is in ip-route(8). */
export const routeMetrics = record(
  {
    /** The metrics that the kernel must not adjust by itself: `mtu lock 1400` is `{ mtu: 1400, lock: ['mtu'] }`. */
    lock: attribute(1, metricLocks),
    /** Bytes. */
    mtu: attribute(2, u32),
    /** The largest TCP window to advertise, in bytes. */
    window: attribute(3, u32),
    /** The initial estimate of the round trip time, in milliseconds, kept in steps of 1/8. */
    rtt: attribute(4, scaled(u32, 8, 'milliseconds')),
    /** The initial estimate of its variance, in milliseconds, kept in steps of 1/4. */
    rttVariance: attribute(5, scaled(u32, 4, 'milliseconds')),
    /** `ssthresh`, in segments. */
    slowStartThreshold: attribute(6, u32),
    /** `cwnd`, the clamp for the congestion window, in segments. Needs its lock to have an effect. */
    congestionWindow: attribute(7, u32),
    /** `advmss`, the maximum segment size to advertise, in bytes. */
    advertisedMss: attribute(8, u32),
    /** The most reordering to expect, in segments. */
    reordering: attribute(9, u32),
    /** 1 to 255. */
    hopLimit: attribute(10, u32),
    /** `initcwnd`, in segments. */
    initialCongestionWindow: attribute(11, u32),
    features: attribute(12, metricFeatures),
    /** `rto_min`, the least retransmission time-out, in milliseconds. */
    rtoMin: attribute(13, u32),
    /** `initrwnd`, in segments. */
    initialReceiveWindow: attribute(14, u32),
    quickAck: attribute(15, bool32),
    /** `congctl`, the congestion control algorithm, such as `'bbr'`. */
    congestionControl: attribute(16, text(15)),
    /** Accept TCP Fast Open without a cookie. */
    fastOpenNoCookie: attribute(17, bool32)
  },
  { what: 'an object of metrics' }
)

export type RouteMetrics = OutputOf<typeof routeMetrics>
export type RouteMetricsSpec = InputOf<typeof routeMetrics>
