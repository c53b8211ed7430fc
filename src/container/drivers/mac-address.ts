/**
 * A MAC address that follows from an id, unicast and locally administered: what is made again after a crash has the
 * one that it had.
 */
export function macAddressOf(id: string): string {
  const octets = id.slice(0, 12).match(/../g)!
  const first = (Number.parseInt(octets[0], 16) & 0xfc) | 0x02
  return [first.toString(16).padStart(2, '0'), ...octets.slice(1)].join(':')
}
