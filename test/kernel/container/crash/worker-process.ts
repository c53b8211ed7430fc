/** A process that does random things on a state directory. */
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { NetworkNamespace } from '../../../../src/index.js'
import type { Random } from './actions.js'

const program = fileURLToPath(new URL('worker.ts', import.meta.url))

export class WorkerProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #ended: Promise<unknown[]>
  readonly #words: AsyncIterator<string>
  #complaints = ''

  /** Starts it; it does nothing yet. */
  constructor(host: NetworkNamespace, stateDirectory: string, random: Random) {
    const args = [host.path, stateDirectory, String(random(1e9)), String(random(2) === 0)]
    this.#child = spawn(process.execPath, ['--import', 'tsx', program, ...args])
    this.#ended = once(this.#child, 'exit')
    this.#child.stderr.on('data', (data) => (this.#complaints += String(data)))
    this.#words = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Lets it begin, and waits until it opens the networks, or has them open. */
  async begin(until: 'open' | 'ready'): Promise<void> {
    this.#child.stdin.write('go\n')
    for (;;) {
      const word = await this.#words.next()
      if (word.done === true || word.value === until) return
    }
  }

  /** Lets it end what it does. It must not have failed. */
  async stop(): Promise<void> {
    this.#child.stdin.write('stop\n')
    expect(await this.#ended, this.#complaints).toEqual([0, null])
  }

  /** Kills it. It must not have failed before. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    expect(await this.#ended, this.#complaints).toEqual([null, 'SIGKILL'])
  }
}
