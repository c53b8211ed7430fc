import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Where the repository lies is nobody's business: results are published. */
export const withoutPaths = (text: string): string => text.replaceAll(root, '')
