/** `KEY=VALUE...`, as the runner calls a contender: numbers where they are numbers. One that is missing throws. */
export function parseArguments(words) {
  const values = Object.fromEntries(words.map(parseArgument))
  return new Proxy(values, {
    get(target, key) {
      if (!Object.hasOwn(target, key)) throw new Error(`${String(key)}= is missing`)
      return target[key]
    }
  })
}

function parseArgument(word) {
  const match = /^(\w+)=(.*)$/.exec(word)
  if (match === null) throw new Error(`${word}: expected KEY=VALUE`)
  const [, key, value] = match
  return [key, /^\d+$/.test(value) ? Number(value) : value]
}
