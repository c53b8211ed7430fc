/**
 * Fresh network namespaces for tests, and what other programs see in them.
 *
 *     await using ns = await testNamespace()       // anonymous, empty, `lo` down; gone when disposed
 *     await NetworkStack.open({ namespace: ns })   // netloom in it
 *     ns.native                                    // NativeNamespace, for src/binding.ts
 *     ns.path                                      // '/proc/PID/fd/N': NetworkNamespace.open({ path: ns.path })
 *     await ns.ip('link', 'show', 'dev', 'lo')     // `ip -j -d link show dev lo`, parsed
 *     await ns.run('tc', '-j', 'qdisc')            // stdout of any program, run inside
 *     await ns.json('bridge', '-j', '-d', 'link')  // the same, parsed
 *
 * A test that calls `ip` asks for it first: see `needsProgram` in requirements.ts.
 */
import { execFile } from 'node:child_process'
import { type NativeNamespace, binding } from '../../src/binding.js'

/** One object of the JSON that `ip`, `bridge`, `tc` and `nft` print. */
export type JsonObject = Record<string, unknown>

export interface TestNamespace extends AsyncDisposable {
  readonly native: NativeNamespace
  /** Names the namespace to other programs for as long as it is open. */
  readonly path: string
  /** Runs `ip -j -d ARGS` inside; what it prints, or `[]` when that is nothing, as after a change. */
  ip(...args: string[]): Promise<JsonObject[]>
  /** Runs a program inside; its standard output. Rejects with its standard error. */
  run(program: string, ...args: string[]): Promise<string>
  /** Runs a program that prints a JSON array inside. */
  json(program: string, ...args: string[]): Promise<JsonObject[]>
  close(): void
}

/** Makes a namespace that only this test knows. */
export async function testNamespace(): Promise<TestNamespace> {
  const native = await binding().createNamespace(undefined)
  const path = `/proc/${process.pid}/fd/${native.fd}`
  const run = (program: string, ...args: string[]) => execute('nsenter', [`--net=${path}`, program, ...args])
  const json = async (program: string, ...args: string[]) => parse(await run(program, ...args))
  const close = () => native.close()
  return {
    native,
    path,
    run,
    json,
    ip: (...args) => json('ip', '-j', '-d', ...args),
    close,
    async [Symbol.asyncDispose]() {
      close()
    }
  }
}

/** Runs a program where the test itself runs; its standard output. Rejects with its standard error. */
export function execute(program: string, args: readonly string[]): Promise<string> {
  // A sanitizer's runtime is for Node.js; what other programs leak is their business.
  const { LD_PRELOAD: _, ...env } = process.env
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${program} ${args.join(' ')}: ${stderr.trim() || error.message}`))
    })
  })
}

function parse(text: string): JsonObject[] {
  if (text.trim() === '') return []
  // iproute2 prints an empty object for each entry that a filter left out.
  return (JSON.parse(text) as JsonObject[]).filter((entry) => Object.keys(entry).length > 0)
}
