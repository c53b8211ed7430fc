import { type NativeNamespace, binding } from '../binding.js'
import { InvalidType, within } from '../codec/index.js'
import type { CallOptions, RequestDescription } from '../netlink/index.js'
import { perform } from './call.js'
import {
  type SysctlInput,
  type SysctlKey,
  type SysctlValue,
  readSysctl,
  sysctlPath,
  sysctlText
} from './sysctl-key.js'

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
    const path = sysctlPath(key)
    const request = { method: 'sysctl.get', input: key }
    return (await this.#read(key, path, request, options)) as SysctlValue<Key>
  }

  /**
   * Reads several parameters, as an object of keys and values. Rejects as `get` does if one can't be read.
   */
  async getMany<const Key extends SysctlKey>(
    keys: readonly Key[],
    options: CallOptions = {}
  ): Promise<{ [K in Key]: SysctlValue<K> }> {
    if (!Array.isArray(keys)) throw new InvalidType(keys, 'an array of keys').within('keys')
    const request = { method: 'sysctl.getMany', input: keys }
    const wanted = (keys as readonly Key[]).map((key, i) => ({
      key,
      path: within('keys', () => sysctlPath(key, i))
    }))
    const values: Record<string, SysctlValue> = {}
    for (const { key, path } of wanted) values[key] = await this.#read(key, path, request, options)
    return values as { [K in Key]: SysctlValue<K> }
  }

  /**
   * Changes a parameter. Rejects with `EINVAL` or `ERANGE` where the kernel takes no such value, and with
   * `EPERM`, `EACCES` or `EROFS` where it can't be changed here.
   */
  async set(key: SysctlKey, value: SysctlInput, options: CallOptions = {}): Promise<void> {
    const path = sysctlPath(key)
    const text = sysctlText(value, 'value')
    await this.#write(key, path, text, { method: 'sysctl.set', input: { [key]: value } }, options)
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
    const before: Record<string, SysctlValue> = {}
    for (const { key, path } of changes) before[key] = await this.#read(key, path, request, options)
    const done: typeof changes = []
    try {
      for (const change of changes) {
        // Counted as done even if it is aborted under way: putting back what didn't change does no harm.
        done.push(change)
        await this.#write(change.key, change.path, change.text, request, options)
      }
    } catch (error) {
      for (const { key, path } of done.reverse()) {
        const text = sysctlText(before[key], key)
        await this.#write(key, path, text, request, {}).catch(() => undefined)
      }
      throw error
    }
    return before as { -readonly [Key in keyof Values]: SysctlValue<Key & string> }
  }

  async #read(
    key: string,
    path: string,
    request: RequestDescription,
    options: CallOptions
  ): Promise<SysctlValue> {
    const namespace = this.#native()
    const text = await perform({
      request,
      options,
      start: () => binding().readFile(namespace, path),
      explain: (code) => explain(code, key)
    })
    return readSysctl(path, text)
  }

  async #write(
    key: string,
    path: string,
    text: string,
    request: RequestDescription,
    options: CallOptions
  ): Promise<void> {
    const namespace = this.#native()
    await perform({
      request,
      options,
      // The line's end makes an empty text something to write.
      start: () => binding().writeFile(namespace, path, `${text}\n`),
      explain: (code) => explain(code, key)
    })
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
