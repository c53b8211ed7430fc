import { InvalidArgumentError } from 'commander'
import type { NetworkRoute } from '../../container/model/network.js'

/** Gathers routes, as Podman has them: `10.9.0.0/16,10.88.0.5,100`. */
export function route(text: string, before: readonly NetworkRoute[] = []): NetworkRoute[] {
  const match = /^([^,]+)(?:,([^,]*))?(?:,([0-9]{1,10}))?$/.exec(text)
  if (match === null) throw new InvalidArgumentError('It must be DESTINATION[,GATEWAY[,METRIC]].')
  const [, destination = '', gateway, metric] = match
  const priority = metric === undefined ? undefined : Number(metric)
  return [...before, { destination, gateway: gateway === '' ? undefined : gateway, priority }]
}
