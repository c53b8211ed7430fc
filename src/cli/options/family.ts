import type { Command } from 'commander'

/** What commands have that show objects of address families. */
export interface FamilyWords {
  readonly ipv4?: boolean
  readonly ipv6?: boolean
}

/** Gives a command `-4` and `-6`. */
export function withFamilies(command: Command): Command {
  return command.option('-4, --ipv4', 'IPv4 alone').option('-6, --ipv6', 'IPv6 alone')
}

/** The family that `-4` or `-6` means; `undefined` is both. With neither, what `unsaid` says. */
export function familyOf(
  { ipv4 = false, ipv6 = false }: FamilyWords,
  unsaid?: 'inet'
): 'inet' | 'inet6' | undefined {
  if (ipv4 !== ipv6) return ipv4 ? 'inet' : 'inet6'
  return ipv4 ? undefined : unsaid
}
