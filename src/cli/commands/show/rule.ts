import type { Command } from 'commander'
import { type FamilyWords, familyOf, withFamilies } from '../../options/family.js'
import { jsonLines, writeAll } from '../../output/json.js'
import { painter } from '../../paint.js'
import type { Terminal } from '../../terminal.js'
import { showCommand } from './command.js'
import { type NamespaceWords, withConnection } from './connection.js'

interface Words extends NamespaceWords, FamilyWords {
  readonly json?: boolean
}

export function ruleShow(terminal: Terminal): Command {
  return withFamilies(showCommand('rules of the routing policy; of IPv4, unless -6 is given')).action(
    async (words: Words) => {
      await withConnection(words, async (connection) => {
        const { ruleText } = await import('../../format/rule.js')
        const { Rules } = await import('../../../rtnetlink/rule/index.js')
        const rules = await new Rules(connection).list({ family: familyOf(words, 'inet') })
        if (words.json === true) return writeAll(terminal, jsonLines(rules))
        const paint = painter(terminal.colors)
        await writeAll(
          terminal,
          rules.map((rule) => `${ruleText(rule, paint)}\n`)
        )
      })
    }
  )
}
