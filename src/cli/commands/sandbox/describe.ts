import type { Endpoint, Sandbox } from '../../../container/index.js'

/** A sandbox and its connections, as plain data. */
export type DescribedSandbox = Pick<
  Sandbox,
  'id' | 'name' | 'hostname' | 'created' | 'namespacePath' | 'ownNamespace' | 'labels' | 'files'
> & { readonly endpoints: readonly Endpoint[] }

export async function describeSandbox(sandbox: Sandbox): Promise<DescribedSandbox> {
  const { id, name, hostname, created, namespacePath, ownNamespace, labels, files } = sandbox
  const endpoints = await sandbox.endpoints()
  return { id, name, hostname, created, namespacePath, ownNamespace, labels, files, endpoints }
}
