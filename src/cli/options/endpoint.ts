import type { Command } from 'commander'
import type { EndpointOptions } from '../../container/model/endpoint.js'
import { integer } from './integer.js'
import { keyValue } from './key-value.js'
import { list } from './list.js'

/** What the command line says of a connection. */
export interface EndpointWords {
  readonly publish?: readonly string[]
  readonly ip?: string
  readonly ip6?: string
  readonly linkLocalIp?: readonly string[]
  readonly alias?: readonly string[]
  readonly macAddress?: string
  readonly interface?: string
  readonly gwPriority?: number
  readonly sysctl?: Readonly<Record<string, string>>
}

/** Gives a command the options of a connection; `sysctl` where there is no other option of that name. */
export function withEndpointOptions(command: Command, sysctl: boolean): Command {
  command
    .option(
      '-p, --publish <port>',
      'publish a port: [[HOST-ADDRESS:]HOST-PORT:]PORT[/PROTOCOL], or ranges',
      list
    )
    .option('--ip <address>', 'its IPv4 address')
    .option('--ip6 <address>', 'its IPv6 address')
    .option('--link-local-ip <address>', 'a further, link-local address', list)
    .option('--alias <name>', 'a further name on the network', list)
    .option('--mac-address <address>', 'its MAC address')
    .option('--interface <name>', 'the name of the interface (default: eth0, or the next that is free)')
    .option('--gw-priority <number>', 'the network with the highest one gives the default route', integer)
  return sysctl
    ? command.option(
        '--sysctl <key=value>',
        'a kernel parameter of the interface, with IFNAME for its name',
        keyValue
      )
    : command
}

/** What the words say, as the library takes it. */
export function endpointOptions(words: EndpointWords): EndpointOptions {
  return {
    ports: words.publish,
    address: words.ip,
    address6: words.ip6,
    linkLocalAddresses: words.linkLocalIp,
    aliases: words.alias,
    macAddress: words.macAddress,
    interfaceName: words.interface,
    gatewayPriority: words.gwPriority,
    sysctls: words.sysctl
  }
}
