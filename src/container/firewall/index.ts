export type { Firewall, FirewallNetwork, PublishedPort } from './firewall.js'
