/** One colour a contender, the same in every plot. */

/** netloom stands out, its other ways are near to it, and the floor is what everything rests on. */
const fixed: Readonly<Record<string, string>> = {
  netloom: '#d6336c',
  'netloom-packed': '#8f1d46',
  'netloom-cold': '#f2a0bd',
  floor: '#52606d'
}

/** Told apart by those who see few colours as well (after Okabe and Ito). */
const others = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#56b4e9',
  '#cc79a7',
  '#8a6d00',
  '#6f4bb2',
  '#00727a',
  '#a14a00'
]

export type Colours = (id: string) => string

export function colours(ids: readonly string[]): Colours {
  const rest = ids.filter((id) => !(id in fixed))
  return (id) => fixed[id] ?? others[rest.indexOf(id) % others.length]!
}
