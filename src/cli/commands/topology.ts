import { Command, Option } from 'commander'
import type { NamespaceReference } from '../../namespace/index.js'
import type { RenderOptions, Topology } from '../../topology/index.js'
import { namespaceForms, namespaceReference } from '../options/namespace.js'
import { containerNames } from '../output/container-names.js'
import { prettyJson } from '../output/json.js'
import { painter } from '../paint.js'
import { withState } from '../state.js'
import type { Terminal } from '../terminal.js'

interface Words {
  readonly all?: boolean
  readonly details?: boolean
  readonly json?: boolean
  readonly mermaid?: boolean
  readonly dot?: boolean
  readonly svg?: boolean
  readonly namespace?: readonly NamespaceReference[]
}

const forms = ['json', 'mermaid', 'dot', 'svg']

export function topology(terminal: Terminal): Command {
  const form = (name: string, description: string, short = ''): Option =>
    new Option(`${short}--${name}`, description).conflicts(forms.filter((other) => other !== name))
  const command = new Command('topology')
    .summary('Draw the namespaces, links and cables of this machine')
    .description(
      'Draws the network of this machine: its namespaces, links, bridges and addresses, and what joins them. It shows the namespaces that this user may enter; root sees all.'
    )
    .addOption(form('mermaid', 'a flowchart for Mermaid'))
    .addOption(form('dot', 'a graph for Graphviz'))
    .addOption(form('svg', 'a picture in SVG'))
    .addOption(form('json', 'as JSON', '-j, '))
    .option('-a, --all', 'also loopbacks, unused tunnel devices and IPv6 link-local addresses')
    .option('-d, --details', 'MAC addresses and MTUs too')
    .option(
      '-n, --namespace <namespace>',
      `this one alone: ${namespaceForms}; can be repeated`,
      (text: string, before: readonly NamespaceReference[] = []) => [...before, namespaceReference(text)]
    )
  return withState(command).action(async (words: Words) => {
    const { readTopology } = await import('../../topology/index.js')
    const read = await readTopology({ namespaces: words.namespace })
    const named = words.json === true ? {} : await containerNames(command, terminal)
    await terminal.write(
      await render(read, words, { all: words.all, details: words.details, ...named }, terminal)
    )
  })
}

async function render(
  read: Topology,
  words: Words,
  options: RenderOptions,
  terminal: Terminal
): Promise<string> {
  const { renderDot, renderMermaid, renderSvg, renderTree } = await import('../../topology/index.js')
  if (words.json === true) return prettyJson(read)
  if (words.mermaid === true) return renderMermaid(read, options)
  if (words.dot === true) return renderDot(read, options)
  if (words.svg === true) return renderSvg(read, options)
  return renderTree(read, { ...options, paint: painter(terminal.colors) })
}
