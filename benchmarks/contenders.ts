/** Who is measured: the folders below contenders/, as README.md describes them. */
import { constants } from 'node:fs'
import { access, readdir, readFile } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What `contender.json` says. */
interface Manifest {
  readonly name: string
  readonly language: string
  readonly needs: readonly string[]
  /** Debian's packages that have programs of `needs` whose names don't tell. */
  readonly packages?: Readonly<Record<string, string>>
  readonly setup: readonly (readonly string[])[]
  readonly run: readonly string[]
  readonly operations: readonly string[]
  /** Operations that it calls otherwise. */
  readonly aliases?: Readonly<Record<string, string>>
}

export interface Contender extends Manifest {
  /** The name of its folder, by which the command line knows it. */
  readonly id: string
  readonly folder: string
  /** `run`, ready to be executed from anywhere. */
  readonly command: readonly string[]
}

const folder = fileURLToPath(new URL('contenders', import.meta.url))
/** The two that the others are compared with come first. */
const first = ['floor', 'netloom']
const rank = (id: string): number => (first.includes(id) ? first.indexOf(id) : first.length)

/** All that there are, whether or not they can run here. Throws if `wanted` names one that there isn't. */
export async function findContenders(wanted?: readonly string[]): Promise<Contender[]> {
  const found: Contender[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const contender = entry.isDirectory() ? await readContender(entry.name) : undefined
    if (contender !== undefined) found.push(contender)
  }
  found.sort((a, b) => rank(a.id) - rank(b.id) || a.id.localeCompare(b.id))
  const ids = found.map(({ id }) => id)
  for (const id of wanted ?? []) {
    if (!ids.includes(id)) throw new TypeError(`there is no contender ${id}; there are ${ids.join(', ')}`)
  }
  return found.filter(({ id }) => wanted === undefined || wanted.includes(id))
}

async function readContender(id: string): Promise<Contender | undefined> {
  const place = join(folder, id)
  let text: string
  try {
    text = await readFile(join(place, 'contender.json'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const manifest = JSON.parse(text) as Manifest
  return { ...manifest, id, folder: place, command: manifest.run.map((word) => resolve(word, place)) }
}

/** `${node}` is this Node.js; a path with a slash begins at the contender's folder. */
export function resolve(word: string, place: string): string {
  if (word === '${node}') return process.execPath
  return word.includes('/') ? join(place, word) : word
}

/** The programs of `needs` that are not installed, with the packages that have them. */
export async function missingPrograms({ needs, packages }: Contender): Promise<string[]> {
  const missing: string[] = []
  for (const program of needs) {
    if (await isInstalled(program)) continue
    const from = packages?.[program]
    missing.push(from === undefined ? program : `${program} (package ${from})`)
  }
  return missing
}

/** Whether it is there: at its path, if it is given with one. */
async function isInstalled(program: string): Promise<boolean> {
  const places = isAbsolute(program) ? [''] : (process.env['PATH'] ?? '').split(delimiter)
  for (const place of places) {
    try {
      await access(join(place, program), constants.X_OK)
      return true
    } catch {
      continue
    }
  }
  return false
}
