/** The contents of the files by which a sandbox resolves names. */
export { checkDnsOptions } from './dns-options.js'
export { type ExtraHost, hostGateway, parseExtraHost } from './extra-host.js'
export { type HostResolvConfPaths, readHostResolvConf } from './host-resolv-conf.js'
export { checkHostname, hostnameFile } from './hostname.js'
export { type HostsOptions, hostsFile } from './hosts.js'
export { type ResolvConf, parseResolvConf } from './resolv-conf.js'
export { type Resolution, type ResolutionOptions, sandboxResolution } from './sandbox-resolv-conf.js'
