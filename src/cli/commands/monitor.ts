import { Argument, Command } from 'commander'
import type { MonitoredObject } from '../../rtnetlink/monitor/index.js'
import { namespaceOption } from '../options/namespace.js'
import { compactJson } from '../output/json.js'
import { painter } from '../paint.js'
import type { Terminal } from '../terminal.js'
import { type NamespaceWords, withConnection } from './show/connection.js'

interface Words extends NamespaceWords {
  readonly json?: boolean
  readonly initial?: boolean
  readonly timestamp?: boolean
}

const objects = [
  'link',
  'address',
  'route',
  'neighbor',
  'rule',
  'nexthop'
] as const satisfies readonly MonitoredObject[]

export function monitor(terminal: Terminal): Command {
  return new Command('monitor')
    .summary('Follow changes as they happen')
    .description(
      'Prints changes as they happen, until it is interrupted. Nothing is missed: what the kernel could not tell is read again.'
    )
    .addArgument(new Argument('[object...]', 'what to follow (default: everything)').choices(objects))
    .option('-j, --json', 'an object of JSON on each line')
    .option('-i, --initial', 'begin with what is there')
    .option('-t, --timestamp', 'when it was told')
    .addOption(namespaceOption())
    .action(async (chosen: readonly MonitoredObject[], words: Words) => {
      const wanted = new Set(chosen.length === 0 ? objects : chosen)
      const { EventTexts } = await import('../format/event.js')
      const { Monitor } = await import('../../rtnetlink/monitor/index.js')
      await withConnection(words, async (connection) => {
        // Links are followed always: the texts of the others name them.
        const objects = [...new Set([...wanted, 'link' as const])]
        const events = new Monitor(connection, { objects, initial: true })
        const texts = new EventTexts(painter(terminal.colors))
        for await (const event of events) {
          const text = texts.text(event)
          if (!wanted.has(event.object) || (event.initial === true && words.initial !== true)) continue
          const time = new Date().toISOString()
          const line =
            words.json === true
              ? compactJson(words.timestamp === true ? { time, ...event } : event)
              : `${words.timestamp === true ? `[${time}] ` : ''}${text}`
          await terminal.write(`${line}\n`)
        }
      })
    })
}
