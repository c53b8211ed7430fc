import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { invalidType, invalidValue, u32 } from '../codec/index.js'
import type { Type } from '../codec/index.js'

/** The tables that have their names from the kernel, `RT_TABLE_*` in linux/rtnetlink.h. */
const builtIn: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 }

/** Where iproute2 keeps names; what an administrator wrote comes last and wins. */
const folders = ['/usr/lib/iproute2', '/usr/share/iproute2', '/etc/iproute2']

const expected = 'a routing table: a number from 1 to 4294967295, or a name out of rt_tables'

let known: ReadonlyMap<string, number> | undefined

/** The names of a file in the form of rt_tables: a number, white space, a name; `#` begins a comment. */
export function parseTableNames(content: string): Map<string, number> {
  const names = new Map<string, number>()
  for (const line of content.split('\n')) {
    const match = /^\s*(0x[0-9a-fA-F]+|[0-9]+)\s+([^\s#]+)/.exec(line)
    if (match === null) continue
    const number = Number(match[1])
    if (number <= 0xffffffff) names.set(match[2]!, number)
  }
  return names
}

/**
 * The number of a routing table by its name. The files are read when a name is met that is not known yet,
 * so that one that was added meanwhile is found.
 */
function numberOf(name: string): number {
  const number = Object.hasOwn(builtIn, name) ? builtIn[name] : known?.get(name)
  if (number !== undefined) return number
  known = readNames()
  return known.get(name) ?? invalidValue(name, expected)
}

/** The name of a routing table, as `ip` prints it; `undefined` if it has none. */
export function tableName(number: number): string | undefined {
  known ??= readNames()
  for (const [name, value] of [...Object.entries(builtIn), ...known]) if (value === number) return name
  return undefined
}

/** A few small local files, and rarely: not worth an await in every verb that takes a table. */
function readNames(): ReadonlyMap<string, number> {
  const names = new Map<string, number>()
  for (const folder of folders) {
    const extra = join(folder, 'rt_tables.d')
    for (const file of [join(folder, 'rt_tables'), ...listConf(extra)]) {
      for (const [name, number] of parseTableNames(readText(file))) names.set(name, number)
    }
  }
  return names
}

function listConf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.conf'))
      .sort()
      .map((file) => join(folder, file))
  } catch {
    return []
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** A routing table: a number, or when writing a name out of iproute2's rt_tables (ip-route(8)). */
export const table: Type<number, number | string> = {
  expected,
  size: 4,
  write(writer, value) {
    if (typeof value === 'string') {
      u32.write(writer, numberOf(value))
      return
    }
    if (typeof value !== 'number') invalidType(value, expected)
    u32.within({ min: 1 }).write(writer, value)
  },
  read: u32.read
}

/** The number of a table that is given by number or name, for filters. */
export function tableNumber(value: number | string): number {
  if (typeof value === 'string') return numberOf(value)
  if (typeof value !== 'number') invalidType(value, expected)
  return value
}
