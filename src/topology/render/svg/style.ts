/** Colours for light and dark surroundings. */
export const style = `
  svg { --paper: #ffffff; --box: #f4f6f8; --card: #ffffff; --line: #c3ccd5; --ink: #1f2933; --soft: #5f6c7b; --cable: #2b7bb9; --address: #1c6b48 }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #12171d; --box: #1a2129; --card: #232c36; --line: #44505d; --ink: #e6ebf0; --soft: #9aa7b4; --cable: #6fb5e8; --address: #7fd0a6 }
  }
  text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--ink); white-space: pre }
  .paper { fill: var(--paper) }
  .namespace { fill: var(--box); stroke: var(--line) }
  .title { font-size: 13.5px; font-weight: bold }
  .link { fill: var(--card); stroke: var(--line) }
  .bridge { stroke-width: 2.5 }
  .name { font-weight: bold }
  .kind, .remark { fill: var(--soft) }
  .line { fill: var(--address) }
  .down .link { stroke-dasharray: 4 3 }
  .down text { fill: var(--soft) }
  path { fill: none; stroke: var(--soft) }
  path.pair { stroke: var(--cable); stroke-width: 2 }
  path.stacked { stroke-dasharray: 5 4 }
`
