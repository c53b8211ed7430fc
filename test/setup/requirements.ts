/**
 * What a test needs of this machine. Where it is missing the test is skipped, and the reason is printed.
 *
 *     describe('vlan', () => {
 *       needsKind('vlan')                       // for every test of this describe
 *       needsProgram('ip')
 *       it('…', async () => { … })
 *     })
 *
 *     it('reads a protocol back', async (context) => {
 *       await skipUnless(context, kernel(5, 18))   // for this test alone
 *     })
 *
 * Requirements: `kind('vlan')`, `program('ip')`, `kernel(5, 18)`, `kernelBefore(6, 15, …)`, `tun()`, `conntrack()`, `realRoot()`. Each has a
 * `needs…` form. `missing(requirement)` gives the reason, or undefined when nothing is missing.
 */
import { constants } from 'node:fs'
import { access, open } from 'node:fs/promises'
import { release } from 'node:os'
import { delimiter, join } from 'node:path'
import { beforeEach, type TestContext } from 'vitest'
import { binding } from '../../src/binding.js'

/** Gives the reason why something is missing, or undefined when it is there. */
export type Requirement = () => Promise<string | undefined>

/** Skips the test that `context` belongs to when something is missing. */
export async function skipUnless(context: Pick<TestContext, 'skip'>, ...requirements: Requirement[]) {
  for (const requirement of requirements) {
    const reason = await requirement()
    if (reason !== undefined) context.skip(reason)
  }
}

/** Skips every test of the surrounding `describe` when something is missing. */
export function needs(...requirements: Requirement[]): void {
  beforeEach((context) => skipUnless(context, ...requirements))
}

/** The reason why a requirement isn't met, or undefined. */
export const missing = (requirement: Requirement): Promise<string | undefined> => requirement()

export const needsKind = (...kinds: string[]): void => needs(...kinds.map(kind))
export const needsProgram = (...names: string[]): void => needs(...names.map(program))
export const needsKernel = (major: number, minor: number): void => needs(kernel(major, minor))
export const needsTun = (): void => needs(tun())
export const needsConntrack = (): void => needs(conntrack(), program('nft'), program('conntrack'))
export const needsRealRoot = (): void => needs(realRoot())

/** The kernel has this kind of link, built in or as a module that it can load. */
export function kind(name: string): Requirement {
  return cached(`kind ${name}`, async () =>
    (await kernelHas(name)) ? undefined : `the kernel has no link kind ${name}`
  )
}

/** The kernel is at least this old. Prefer a probe of the feature itself: distributions backport. */
export function kernel(major: number, minor: number): Requirement {
  return async () => {
    const [haveMajor = 0, haveMinor = 0] = release().split('.', 2).map(Number)
    const enough = haveMajor > major || (haveMajor === major && haveMinor >= minor)
    return enough ? undefined : `needs Linux ${major}.${minor}; this is ${release()}`
  }
}

/** The kernel is older than this: what later ones do wrong would harm the machine. */
export function kernelBefore(major: number, minor: number, fault: string): Requirement {
  return async () => {
    const newer = (await kernel(major, minor)()) === undefined
    return newer ? `${fault} (Linux ${major}.${minor} and later; this is ${release()})` : undefined
  }
}

/** A program is on the `PATH`. */
export function program(name: string): Requirement {
  return cached(`program ${name}`, async () => {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      try {
        await access(join(folder, name), constants.X_OK)
        return undefined
      } catch {
        continue
      }
    }
    return `the program ${name} is not installed`
  })
}

/** `/dev/net/tun` can be opened: it may be missing, or root's alone. */
export function tun(): Requirement {
  return cached('tun', async () => {
    try {
      await (await open('/dev/net/tun', constants.O_RDWR)).close()
      return undefined
    } catch (error) {
      return `can't open /dev/net/tun: ${(error as NodeJS.ErrnoException).code}`
    }
  })
}

/** The kernel tracks connections, and tells of them over netlink. */
export function conntrack(): Requirement {
  return cached('conntrack', async () => {
    const namespace = await binding().createNamespace(undefined)
    try {
      const socket = await binding().openSocket({ protocol: 12, namespace })
      try {
        const { replies } = await socket.exchange(conntrackStatistics(), { replies: true }, 1)
        const type = new DataView(replies.buffer, replies.byteOffset).getUint16(4, true)
        return type === 0x105 ? undefined : 'the kernel tells nothing of connections (nf_conntrack_netlink)'
      } finally {
        await socket.close()
      }
    } catch (error) {
      return `the kernel has no netfilter over netlink: ${(error as Error).message}`
    } finally {
      namespace.close()
    }
  })
}

/** Root of the machine, not only of a user namespace. */
export function realRoot(): Requirement {
  return async () =>
    process.env['NETLOOM_TEST_ISOLATION'] === 'user'
      ? 'needs root of the machine, not of a user namespace'
      : undefined
}

const results = new Map<string, Promise<string | undefined>>()

function cached(key: string, probe: Requirement): Requirement {
  return () => {
    const result = results.get(key) ?? probe()
    results.set(key, result)
    return result
  }
}

const EOPNOTSUPP = -95

/**
 * Asks for a link of this kind in a namespace made for it. The answer is judged by one thing alone: an
 * unknown kind is EOPNOTSUPP; a known one is created or fails for want of its parameters.
 */
async function kernelHas(kind: string): Promise<boolean> {
  const namespace = await binding().createNamespace(undefined)
  const socket = await binding().openSocket({ protocol: 0, namespace })
  try {
    const { replies } = await socket.exchange(newLink(kind), undefined, 1)
    if (replies.byteLength < 20) return true
    return new DataView(replies.buffer, replies.byteOffset).getInt32(16, true) !== EOPNOTSUPP
  } finally {
    await socket.close()
    namespace.close()
  }
}

/** An `RTM_NEWLINK` with `IFLA_LINKINFO { IFLA_INFO_KIND }`, written by hand: no code under test helps here. */
function newLink(kind: string): Uint8Array {
  const RTM_NEWLINK = 16
  const NLM_F_REQUEST_CREATE_EXCL = 0x601
  const name = Buffer.from(`${kind}\0`)
  const padded = (name.length + 3) & ~3
  const message = Buffer.alloc(16 + 16 + 8 + padded)
  message.writeUInt32LE(message.length, 0)
  message.writeUInt16LE(RTM_NEWLINK, 4)
  message.writeUInt16LE(NLM_F_REQUEST_CREATE_EXCL, 6)
  message.writeUInt16LE(8 + padded, 32)
  message.writeUInt16LE(18, 34) // IFLA_LINKINFO
  message.writeUInt16LE(4 + name.length, 36)
  message.writeUInt16LE(1, 38) // IFLA_INFO_KIND
  name.copy(message, 40)
  return message
}

/** An `IPCTNL_MSG_CT_GET_STATS`: `struct nlmsghdr`, then an empty `struct nfgenmsg`. */
function conntrackStatistics(): Uint8Array {
  const message = Buffer.alloc(20)
  message.writeUInt32LE(message.length, 0)
  message.writeUInt16LE(0x105, 4)
  message.writeUInt16LE(1, 6) // NLM_F_REQUEST
  return message
}
