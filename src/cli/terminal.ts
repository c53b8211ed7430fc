/** Whoever reads what a command prints. */
export interface Terminal {
  /** Writes to standard output. Rejects with `OutputClosed` once nobody reads it any more. */
  write(text: string): Promise<void>
  /** Writes to standard error. */
  error(text: string): void
  /** Standard output takes colours. */
  readonly colors: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Standard output was closed by its reader, such as `head`: what is under way can end. */
export class OutputClosed extends Error {
  constructor() {
    super('standard output is closed')
  }
}

/** The terminal, files or pipes that this process was given. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process
  let closed = false
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    closed = true
    stdout.emit('drain')
  })
  // There is nobody to tell.
  stderr.on('error', () => undefined)
  return {
    async write(text) {
      if (!closed && !stdout.write(text)) await new Promise((resolve) => stdout.once('drain', resolve))
      if (closed) throw new OutputClosed()
    },
    error: (text) => void stderr.write(text),
    // Knows NO_COLOR and FORCE_COLOR (no-color.org).
    colors: stdout.isTTY && stdout.hasColors(),
    env
  }
}
