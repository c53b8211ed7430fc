import type { Command } from 'commander'
import { ruleText } from '../../format/rule.js'
import { jsonLines, writeAll } from '../../output/json.js'
import { painter } from '../../paint.js'
import type { Terminal } from '../../terminal.js'
import { showCommand, withFamilies } from './command.js'
import { type FamilyWords, type NamespaceWords, familyOf, withStack } from './stack.js'

interface Words extends NamespaceWords, FamilyWords {
  readonly json?: boolean
}

export function ruleShow(terminal: Terminal): Command {
  return withFamilies(showCommand('rules of the routing policy; of IPv4, unless -6 is given')).action(
    async (words: Words) => {
      await withStack(words, async (stack) => {
        const rules = await stack.rules.list({ family: familyOf(words, 'inet') })
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
