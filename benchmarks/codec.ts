/**
 * Nanoseconds an object that encoding and decoding take, interpreted and compiled: `npx tsx benchmarks/codec.ts`.
 * Every figure is the median of rounds over a thousand different objects, after a warm-up; with `BEST=1` it is
 * the best round, for a machine that does other things beside. `--json NAME` measures one kind of object, for
 * the scenario `codec`.
 */
import { codecCases } from './codec/cases.js'
import { measureCodec } from './codec/measure.js'

const best = process.env['BEST'] !== undefined
const [option, name] = process.argv.slice(2)
const chosen = codecCases.find((one) => one.name === name)
if (option === '--json' && chosen !== undefined) printJson()
else printTable()

function printJson(): void {
  const { encode, decode, properties } = measureCodec(chosen!, best)
  const { user, system } = process.cpuUsage()
  const report = {
    seconds: {
      encode: encode.compiled / 1e9,
      decode: decode.compiled / 1e9,
      encodeInterpreted: encode.interpreted / 1e9,
      decodeInterpreted: decode.interpreted / 1e9
    },
    count: properties,
    cpu: (user + system) / 1e6,
    rss: process.resourceUsage().maxRSS
  }
  console.log(JSON.stringify(report))
}

function printTable(): void {
  console.log('                    encode              decode')
  console.log('               interp  compiled    interp  compiled   properties')
  for (const one of codecCases) {
    const { encode, decode, properties } = measureCodec(one, best)
    const cells = [encode.interpreted, encode.compiled, decode.interpreted, decode.compiled]
    const [a, b, c, d] = cells.map((figure) => figure.toFixed(0).padStart(7))
    console.log(`${one.name.padEnd(14)}${a} ${b}    ${c} ${d}      ${properties}`)
  }
}
