import type { Endpoint, Sandbox } from '../../../container/index.js'

/** A sandbox and its connections, as plain data. */
export type DescribedSandbox = Omit<
  Sandbox,
  'connect' | 'disconnect' | 'endpoints' | 'openNamespace' | 'spawn'
> & {
  readonly endpoints: readonly Endpoint[]
}

export async function describeSandbox(sandbox: Sandbox): Promise<DescribedSandbox> {
  return { ...sandbox, endpoints: await sandbox.endpoints() }
}
