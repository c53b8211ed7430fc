import { isIP } from 'node:net'

/** What a resolv.conf says (resolv.conf(5)). */
export interface ResolvConf {
  readonly servers: readonly string[]
  readonly search: readonly string[]
  /** Each as it stands there: `'ndots:1'`, `'edns0'`. */
  readonly options: readonly string[]
  /** Lines of other directives, such as `sortlist`. */
  readonly other: readonly string[]
}

/** Reads a resolv.conf; what is no address of a server is left out. The last `search` or `domain` counts. */
export function parseResolvConf(text: string): ResolvConf {
  const servers: string[] = []
  let search: readonly string[] = []
  const options: string[] = []
  const other: string[] = []
  for (const line of text.split('\n')) {
    const [directive = '', ...values] = line.trim().split(/\s+/)
    if (directive === '' || directive.startsWith('#') || directive.startsWith(';')) continue
    if (directive === 'nameserver') {
      if (values[0] !== undefined && isIP(values[0]) !== 0) servers.push(values[0])
    } else if (directive === 'search' || directive === 'domain') {
      if (values.length > 0) search = values
    } else if (directive === 'options') options.push(...values)
    else other.push(line.trim())
  }
  return { servers, search, options, other }
}

/** Writes a resolv.conf, with comments above. */
export function formatResolvConf(
  { servers, search, options, other }: ResolvConf,
  comments: readonly string[]
): string {
  const lines = [
    ...comments.map((comment) => `# ${comment}`),
    ...servers.map((server) => `nameserver ${server}`),
    ...(search.length === 0 ? [] : [`search ${search.join(' ')}`]),
    ...(options.length === 0 ? [] : [`options ${options.join(' ')}`]),
    ...other
  ]
  return `${lines.join('\n')}\n`
}
