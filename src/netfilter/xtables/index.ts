/** Tables of legacy iptables and ip6tables, read as far as it takes to tell what they drop. */
export type { XtablesFamily } from './layout.js'
export { readXtablesTable } from './read.js'
export type { LinkMatch, XtablesRule, XtablesTarget } from './rule.js'
export type { BuiltInChain, XtablesTable } from './table.js'
