/** An element with its attributes, numbers in whole pixels, around content that is markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content?: string | readonly string[]
): string {
  let tag = `<${name}`
  for (const [key, value] of Object.entries(attributes)) {
    tag += ` ${key}="${typeof value === 'number' ? Math.round(value) : escape(value)}"`
  }
  if (content === undefined) return `${tag}/>`
  return typeof content === 'string'
    ? `${tag}>${content}</${name}>`
    : `${tag}>\n${content.join('\n')}\n</${name}>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as XML takes it, between tags and in attributes. What no XML may hold is replaced. */
export function escape(text: string): string {
  const legal = text.replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd')
  return legal.replace(/[&<>"]/g, (character) => entities[character]!)
}
