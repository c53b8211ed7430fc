import { readFile } from 'node:fs/promises'
import { hasCode } from '../../errors/has-code.js'
import { parseResolvConf } from './resolv-conf.js'
import type { ResolvConf } from './resolv-conf.js'

/** Where the host's configuration lies. */
export interface HostResolvConfPaths {
  /** Default: `/etc/resolv.conf`. */
  readonly path?: string | undefined
  /** Where systemd-resolved keeps the servers that its stub asks. Default: `/run/systemd/resolve/resolv.conf`. */
  readonly systemdPath?: string | undefined
}

/** The address at which systemd-resolved answers, on the host alone (systemd-resolved(8)). */
const systemdStub = '127.0.0.53'

/**
 * Reads the host's resolv.conf, as Docker does: where it names systemd-resolved's stub alone, the file with the servers
 * behind that. A file that isn't there says nothing.
 */
export async function readHostResolvConf({
  path = '/etc/resolv.conf',
  systemdPath = '/run/systemd/resolve/resolv.conf'
}: HostResolvConfPaths = {}): Promise<ResolvConf> {
  const conf = await read(path)
  const stubAlone = conf?.servers.length === 1 && conf.servers[0] === systemdStub
  return (stubAlone ? await read(systemdPath) : undefined) ?? conf ?? parseResolvConf('')
}

async function read(path: string): Promise<ResolvConf | undefined> {
  try {
    return parseResolvConf(await readFile(path, 'utf8'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
