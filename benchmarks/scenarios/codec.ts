import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { codecCases } from '../codec/cases.js'
import { parseMeasurement } from '../measurement.js'
import type { Figure, Scenario } from '../scenario.js'
import { pick } from '../scenario.js'

const program = fileURLToPath(new URL('../codec.ts', import.meta.url))

const figures: readonly Figure[] = [
  { title: 'encode', path: 'seconds.encode', unit: 's' },
  { title: 'decode', path: 'seconds.decode', unit: 's' },
  { title: 'encode, interpreted', path: 'seconds.encodeInterpreted', unit: 's' },
  { title: 'decode, interpreted', path: 'seconds.decodeInterpreted', unit: 's' },
  { title: 'properties read', path: 'count', unit: 'number' }
]

/** Objects to bytes and back: no kernel. */
export const codec: Scenario = {
  id: 'codec',
  title: 'Codec',
  description:
    'Encodes and decodes one object, with the functions that are compiled from its schema and with the ' +
    'interpreter that remains where code generation is disabled. No kernel takes part.',
  cases: (sizes) =>
    codecCases.slice(0, pick(sizes, codecCases.length, 1)).map(({ name }) => ({
      title: name,
      operation: 'codec',
      arguments: {},
      series: name,
      size: 1,
      figures,
      async perform() {
        const words = ['--import', 'tsx', program, '--json', name]
        const { stdout } = await promisify(execFile)(process.execPath, words)
        return parseMeasurement(stdout)
      }
    }))
}
