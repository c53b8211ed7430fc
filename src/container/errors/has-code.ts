/** Whether something failed for one of these reasons: errors of netloom, of the kernel and of Node.js have a `code`. */
export function hasCode(
  error: unknown,
  ...codes: readonly string[]
): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && codes.includes(error.code as string)
}
