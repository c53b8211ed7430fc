import type { ErrorCode } from '../../error-codes.js'

const missing: ReadonlySet<unknown> = new Set<ErrorCode>([
  'ERR_NETWORK_NOT_FOUND',
  'ERR_SANDBOX_NOT_FOUND',
  'ERR_ENDPOINT_NOT_FOUND'
])

/** Does something, or finds that what it is about isn't there: false then, if that is `tolerated`. */
export async function unlessMissing(tolerated: boolean, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (tolerated && missing.has((error as { code?: unknown }).code)) return false
    throw error
  }
}
