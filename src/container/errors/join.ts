/**
 * Waits until everything has ended, and then throws the first failure: what is undone after it must not be made
 * behind its back.
 */
export async function join(work: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  const begun = work.filter((promise) => promise !== undefined)
  for (const result of await Promise.allSettled(begun)) if (result.status === 'rejected') throw result.reason
}
