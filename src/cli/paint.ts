/** What a piece of text is. The colours are those of `ip -c`, where it has one. */
export type Role =
  'namespace' | 'name' | 'kind' | 'mac' | 'address' | 'inet' | 'inet6' | 'up' | 'down' | 'frame'

/** SGR codes (ECMA-48, 8.3.117). */
const codes: Readonly<Record<Role, string>> = {
  namespace: '1',
  name: '36',
  kind: '2',
  mac: '33',
  address: '35',
  inet: '35',
  inet6: '34',
  up: '32',
  down: '31',
  frame: '2'
}

/** Puts colour on text. */
export type Paint = (role: Role, text: string) => string

export function painter(colors: boolean): Paint {
  return colors ? (role, text) => `\u001b[${codes[role]}m${text}\u001b[0m` : (_role, text) => text
}
