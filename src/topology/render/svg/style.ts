interface Palette {
  readonly paper: string
  readonly box: string
  readonly card: string
  readonly line: string
  readonly ink: string
  readonly soft: string
  readonly cable: string
  readonly address: string
}

const light: Palette = {
  paper: '#ffffff',
  box: '#f4f6f8',
  card: '#ffffff',
  line: '#c3ccd5',
  ink: '#1f2933',
  soft: '#5f6c7b',
  cable: '#2b7bb9',
  address: '#1c6b48'
}

const dark: Palette = {
  paper: '#12171d',
  box: '#1a2129',
  card: '#232c36',
  line: '#44505d',
  ink: '#e6ebf0',
  soft: '#9aa7b4',
  cable: '#6fb5e8',
  address: '#7fd0a6'
}

/** Without custom properties, which many viewers don't know. */
function colors({ paper, box, card, line, ink, soft, cable, address }: Palette): string {
  return `
.paper { fill: ${paper} }
.namespace { fill: ${box}; stroke: ${line} }
.link { fill: ${card}; stroke: ${line} }
.title, .name { fill: ${ink} }
.kind, .remark { fill: ${soft} }
.line { fill: ${address} }
.down .name, .down .line { fill: ${soft} }
path { stroke: ${soft} }
.pair { stroke: ${cable} }`
}

/** For light and dark surroundings. */
export const style = `
text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12px }
.title { font-size: 13.5px; font-weight: bold }
.name { font-weight: bold }
.bridge { stroke-width: 2.5 }
.down .link { stroke-dasharray: 4 3 }
path { fill: none }
.pair { stroke-width: 2 }
.stacked { stroke-dasharray: 5 4 }${colors(light)}
@media (prefers-color-scheme: dark) {${colors(dark)}
}
`
