import type { Range, Rule } from '../../rtnetlink/rule/index.js'
import { printable } from '../../topology/render/text.js'
import type { Paint } from '../paint.js'
import { tableText } from './table-name.js'

/** A rule as `ip rule show` prints it. */
export function ruleText(rule: Rule, paint: Paint): string {
  const flags = new Set<unknown>(rule.flags)
  const words = [
    ...(rule.invert === true ? ['not'] : []),
    `from ${addressText(rule.source, rule, paint) ?? 'all'}`,
    ...given('to', addressText(rule.destination, rule, paint)),
    ...given('tos', hex(rule.tos)),
    ...given('dscp', masked(rule.dscp, rule.dscpMask)),
    ...given('flowlabel', masked(rule.flowLabel, rule.flowLabelMask)),
    ...given('fwmark', masked(rule.mark, rule.markMask)),
    ...given('iif', rule.inputLink && printable(rule.inputLink)),
    ...(flags.has('iif_detached') ? ['[detached]'] : []),
    ...given('oif', rule.outputLink && printable(rule.outputLink)),
    ...(flags.has('oif_detached') ? ['[detached]'] : []),
    ...(rule.l3mdev === true ? ['lookup [l3mdev-table]'] : []),
    ...given('uidrange', rangeText(rule.uidRange, true)),
    ...given('ipproto', rule.ipProtocol),
    ...given('sport', rangeText(rule.sourcePort)),
    ...given('dport', rangeText(rule.destinationPort)),
    ...given('tun_id', rule.tunnelId),
    ...actionWords(rule, flags.has('unresolved')),
    ...(rule.protocol === undefined || rule.protocol === 'kernel' ? [] : [`proto ${rule.protocol}`])
  ]
  return `${rule.priority}:\t${words.join(' ')}`
}

function given(word: string, value: string | number | bigint | undefined): string[] {
  return value === undefined ? [] : [`${word} ${value}`]
}

function addressText(prefix: string | undefined, { family }: Rule, paint: Paint): string | undefined {
  if (prefix === undefined) return undefined
  const whole = family === 'inet' ? '/32' : '/128'
  return paint(family, prefix.endsWith(whole) ? prefix.slice(0, -whole.length) : prefix)
}

function hex(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `0x${value.toString(16)}`
}

function masked(value: number | undefined, mask: number | undefined): string | undefined {
  return value === undefined || mask === undefined ? hex(value) : `${hex(value)}/${hex(mask)}`
}

function rangeText(range: Range | undefined, always = false): string | undefined {
  if (range === undefined) return undefined
  const { start, end } = typeof range === 'number' ? { start: range, end: range } : range
  return start === end && !always ? `${start}` : `${start}-${end}`
}

function actionWords(rule: Rule, unresolved: boolean): string[] {
  const { action, table, goto, realms } = rule
  const words = [
    ...(table === undefined || rule.l3mdev === true ? [] : [`lookup ${printable(tableText(table))}`]),
    ...given('suppress_prefixlength', rule.suppressPrefixLength),
    ...given('suppress_ifgroup', rule.suppressInterfaceGroup),
    ...(realms === undefined
      ? []
      : [`realms ${realms.from === undefined ? '' : `${realms.from}/`}${realms.to}`])
  ]
  if (action === 'goto') words.push(`goto ${goto ?? 'none'}`, ...(unresolved ? ['[unresolved]'] : []))
  else if (action !== 'lookup') words.push(String(action))
  return words
}
