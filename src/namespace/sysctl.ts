import { type NativeNamespace, binding } from '../binding.js'
import { InvalidType, within } from '../codec/index.js'
import { type CallOptions, type RequestDescription, errnoName } from '../netlink/index.js'
import { choice } from '../netlink/bulk/index.js'
import { explained, perform } from './call.js'
import {
  type SysctlInput,
  type SysctlKey,
  type SysctlValue,
  readSysctl,
  sysctlPath,
  sysctlText
} from './sysctl-key.js'

interface Parameter {
  readonly key: string
  readonly path: string
}

interface Change extends Parameter {
  readonly text: string
}

/**
 * The kernel parameters below `net` as one namespace has them (/proc/sys/net,
 * Documentation/admin-guide/sysctl/net.rst and networking/ip-sysctl.rst).
 *
 * Keys are spelled as in sysctl(8). The dot and the slash change places when a slash comes first, so that the
 * name of a link may hold a dot: `net.ipv4.conf.eth0/100.rp_filter` or `net/ipv4/conf/eth0.100/rp_filter`.
 * Some parameters, mostly below `net.core`, exist only in the namespace that the machine booted with.
 */
export class Sysctl {
  readonly #native: () => NativeNamespace

  /** @internal Made by `NetworkNamespace`; `native` throws when that is closed. */
  constructor(native: () => NativeNamespace) {
    this.#native = native
  }

  /**
   * Reads a parameter: a number where its text is one, an array where it is several, else a string without
   * the line's end.
   *
   * Throws `TypeError` for what is no key below `net`; rejects with `ENOENT` where the namespace has no such
   * parameter, and `EACCES` for one that can only be written.
   */
  async get<const Key extends SysctlKey>(key: Key, options: CallOptions = {}): Promise<SysctlValue<Key>> {
    const parameter = { key, path: sysctlPath(key) }
    const request = { method: 'sysctl.get', input: key }
    return (await this.#read([parameter], request, options))[0] as SysctlValue<Key>
  }

  /**
   * Reads several parameters in the time of one, as an object of keys and values. Rejects as `get` does if one can't be
   * read; with `ifMissing: 'skip'`, those are left out that the namespace doesn't have.
   */
  async getMany<const Key extends SysctlKey>(
    keys: readonly Key[],
    options?: CallOptions & { readonly ifMissing?: 'fail' | undefined }
  ): Promise<{ [K in Key]: SysctlValue<K> }>
  async getMany<const Key extends SysctlKey>(
    keys: readonly Key[],
    options: CallOptions & { readonly ifMissing: 'skip' }
  ): Promise<{ [K in Key]?: SysctlValue<K> }>
  async getMany(
    keys: readonly SysctlKey[],
    options: CallOptions & { readonly ifMissing?: 'fail' | 'skip' | undefined } = {}
  ): Promise<Record<string, SysctlValue>> {
    if (!Array.isArray(keys)) throw new InvalidType(keys, 'an array of keys').within('keys')
    const { ifMissing = 'fail', ...call } = options
    choice('ifMissing', ifMissing, ['fail', 'skip'])
    const parameters = (keys as readonly SysctlKey[]).map((key, i) => ({
      key,
      path: within('keys', () => sysctlPath(key, i))
    }))
    const request = { method: 'sysctl.getMany', input: keys }
    const read = await this.#read(parameters, request, call, ifMissing === 'skip')
    const values: Record<string, SysctlValue> = {}
    read.forEach((value, i) => {
      if (value !== undefined) values[parameters[i]!.key] = value
    })
    return values
  }

  /**
   * Changes a parameter. Rejects with `EINVAL` or `ERANGE` where the kernel takes no such value, and with
   * `EPERM`, `EACCES` or `EROFS` where it can't be changed here.
   */
  async set(key: SysctlKey, value: SysctlInput, options: CallOptions = {}): Promise<void> {
    const change = { key, path: sysctlPath(key), text: sysctlText(value, 'value') }
    await this.#write([change], { method: 'sysctl.set', input: { [key]: value } }, options)
  }

  /**
   * Changes several parameters in the order given, and resolves to the values that they had: give that to
   * `setMany` again to put everything back. If one can't be changed, those before it are put back, and it
   * rejects as `set` does. All are read first, so that a missing one is noticed before anything is changed.
   */
  async setMany<const Values extends { readonly [Key in SysctlKey]?: SysctlInput | undefined }>(
    values: Values,
    options: CallOptions = {}
  ): Promise<{ -readonly [Key in keyof Values]: SysctlValue<Key & string> }> {
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw new InvalidType(values, 'an object of keys and values').within('values')
    }
    const request = { method: 'sysctl.setMany', input: values }
    const changes = Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ({ key, path: sysctlPath(key), text: sysctlText(value, key) }))
    const read = await this.#read(changes, request, options)
    const before = Object.fromEntries(changes.map(({ key }, i) => [key, read[i]]))
    let work: Promise<readonly unknown[]> | undefined
    try {
      await this.#write(changes, request, options, (begun) => {
        work = begun
      })
      return before as { -readonly [Key in keyof Values]: SysctlValue<Key & string> }
    } catch (error) {
      // If it was aborted, it may be under way.
      const outcomes = (await work?.catch(() => [])) ?? []
      const done = changes.slice(0, outcomes.filter((outcome) => outcome === undefined).length)
      for (const { key, path } of done.reverse()) {
        const text = sysctlText(before[key], key)
        await this.#write([{ key, path, text }], request, {}).catch(() => undefined)
      }
      throw error
    }
  }

  /** The values, in the same order; `undefined` for what is missing and was to be passed over. */
  async #read(
    parameters: readonly Parameter[],
    request: RequestDescription,
    options: CallOptions,
    skipsMissing = false
  ): Promise<(SysctlValue | undefined)[]> {
    const namespace = this.#native()
    const texts = await perform({
      request,
      options,
      start: () =>
        binding().readFiles(
          namespace,
          parameters.map(({ path }) => path)
        )
    })
    return texts.map((text, i) => {
      const { key, path } = parameters[i]!
      if (typeof text === 'string') return readSysctl(path, text)
      if (skipsMissing && errnoName(text.errno) === 'ENOENT') return undefined
      throw explained(text, request, (code) => explain(code, key))
    })
  }

  /** `begin` is told of what the worker then does, whoever still waits for it. */
  async #write(
    changes: readonly Change[],
    request: RequestDescription,
    options: CallOptions,
    begin?: (work: Promise<readonly unknown[]>) => void
  ): Promise<void> {
    const namespace = this.#native()
    const outcomes = await perform({
      request,
      options,
      start: () => {
        // The line's end makes an empty text something to write.
        const files = changes.map(({ path, text }) => [path, `${text}\n`] as const)
        const work = binding().writeFiles(namespace, files)
        begin?.(work)
        return work
      }
    })
    const failure = outcomes.at(-1)
    if (failure === undefined) return
    const { key } = changes[outcomes.length - 1]!
    throw explained(failure, request, (code) => explain(code, key))
  }
}

function explain(code: string, key: string): string | undefined {
  switch (code) {
    case 'ENOENT':
      return `the namespace has no parameter ${key}`
    case 'EISDIR':
      return `${key} is a group of parameters`
    case 'EINVAL':
    case 'ERANGE':
      return `the kernel takes no such value for ${key}`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${key} can't be read or changed here`
    default:
      return undefined
  }
}
