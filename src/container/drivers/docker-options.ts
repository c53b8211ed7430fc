import {
  InvalidType,
  invalidType,
  invalidValue,
  refuseOtherKeys,
  requireObject,
  within
} from '../../codec/index.js'
import type { NetworkOptions } from '../model/network.js'
import type { Setting, Settings } from './setting.js'

/** The drivers that have settings, which nest under their names. */
const nests = ['bridge', 'macvlan', 'ipvlan'] as const
type Nest = (typeof nests)[number]

/**
 * The settings of a driver that a network's options give: under the driver's name, and under `options` by the names
 * that Docker has for them. Refuses what is unknown, what contradicts itself, and the settings of other drivers, with
 * the path of the option.
 */
export function readSettings<T extends object>(
  driver: Nest,
  settings: Settings<T>,
  options: NetworkOptions
): Partial<T> {
  refuseOtherNests(driver, options)
  const table = settings as Readonly<Record<string, Setting<unknown>>>
  const given = readNest(driver, table, options[driver])
  return { ...given, ...readDockerOptions(driver, table, options.options, given) } as Partial<T>
}

/** For drivers that have no settings. */
export function refuseSettings(driver: string, options: NetworkOptions): void {
  refuseOtherNests(driver, options)
  readDockerOptions(driver, {}, options.options, {})
}

function refuseOtherNests(driver: string, options: NetworkOptions): void {
  for (const nest of nests) {
    if (nest === driver || options[nest] === undefined) continue
    const error = new InvalidType(options[nest], `absent: the driver is ${driver}`, 'ERR_UNKNOWN_FIELD')
    throw error.within(nest)
  }
}

type Values = Readonly<Record<string, unknown>>

function readNest(driver: Nest, table: Readonly<Record<string, Setting<unknown>>>, nest: unknown): Values {
  if (nest === undefined) return {}
  return within(driver, () => {
    requireObject(nest, 'an object of settings')
    refuseOtherKeys(nest, Object.keys(table), `${driver} network`)
    const given = Object.entries(nest).filter(([, value]) => value !== undefined)
    return Object.fromEntries(given.map(([key, value]) => [key, within(key, () => table[key]!.check(value))]))
  })
}

function readDockerOptions(
  driver: string,
  table: Readonly<Record<string, Setting<unknown>>>,
  options: unknown,
  given: Values
): Values {
  if (options === undefined) return {}
  return within('options', () => {
    requireObject(options, 'an object of names and texts')
    const values: Record<string, unknown> = {}
    for (const [dockerName, text] of Object.entries(options) as [string, unknown][]) {
      if (text === undefined) continue
      within(dockerName, () => {
        const [key, setting] = named(driver, table, dockerName, text)
        if (typeof text !== 'string') invalidType(text, 'a string')
        const value = setting.check(setting.parse(text))
        const own = given[key]
        if (own !== undefined && own !== value)
          invalidValue(text, `absent, or what ${driver}.${key} says: ${JSON.stringify(own)}`)
        values[key] = value
      })
    }
    return values
  })
}

function named(
  driver: string,
  table: Readonly<Record<string, Setting<unknown>>>,
  dockerName: string,
  text: unknown
): readonly [key: string, setting: Setting<unknown>] {
  const entries = Object.entries(table)
  const found = entries.find(([, setting]) => setting.dockerName === dockerName)
  if (found !== undefined) return found
  const known = entries.flatMap(([, setting]) => setting.dockerName ?? []).join(', ')
  const expected = `no option of the driver ${driver}${known === '' ? ', which has none' : `; its options are ${known}`}`
  throw new InvalidType(text, expected, 'ERR_UNKNOWN_FIELD')
}
