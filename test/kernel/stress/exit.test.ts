import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { testNamespace } from '../../setup/namespace.js'

const source = fileURLToPath(new URL('../../../src/index.ts', import.meta.url))

/** Runs a module in a process of its own, which must end by itself; gives what it printed. */
async function run(namespace: string, body: string): Promise<string> {
  const program = `
    import { NetworkStack } from ${JSON.stringify(source)}
    const stack = await NetworkStack.open({ namespace: { path: process.argv[1] } })
    ${body}`
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program, '--', namespace],
    { stdio: ['ignore', 'pipe', 'inherit'] }
  )
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  expect(await once(child, 'close')).toEqual([0, null])
  return text
}

describe('a process with an open stack', () => {
  it('stays alive while something is pending, and then ends by itself', async () => {
    await using namespace = await testNamespace()
    expect(
      await run(
        namespace.path,
        `console.log((await stack.links.list()).map((link) => link.name).join())
         // A timeout that is over early must not keep the process waiting for its timer.
         await stack.links.list({}, { signal: new AbortController().signal, timeout: 1_000_000 })
         for await (const link of stack.links.iterate()) { console.log('streamed', link.name); break }
         // Nothing awaits these but the process itself.
         const calls = Array.from({ length: 20 }, () => stack.links.list())
         void Promise.all(calls).then((lists) => console.log(lists.length))`
      )
    ).toBe('lo\nstreamed lo\n20\n')
  })
})
