/** Codes of refused routes whose interface isn't there, isn't up, or has no address any more. */
export const lostInterface = ['ENODEV', 'ENETDOWN', 'ENETUNREACH', 'EHOSTUNREACH'] as const
