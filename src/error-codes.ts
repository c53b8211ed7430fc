/**
 * Every `ERR_*` code that netloom throws, and when. Kernel errors carry the errno's own name instead
 * (`'EEXIST'`): see `netlink/errno.ts`.
 */
export const errorCodes = {
  ERR_INVALID_ARG_TYPE: 'A value is of the wrong JavaScript type. Nothing was sent.',
  ERR_INVALID_ARG_VALUE:
    'A value has the right type but can never be right, or is of no known form. Nothing was sent.',
  ERR_OUT_OF_RANGE:
    'A number, or the length of a string, lies outside what the field can hold. Nothing was sent.',
  ERR_UNKNOWN_FIELD: 'An object has a key that netloom does not know. Nothing was sent.',
  ERR_MISSING_FIELD: 'An object lacks a key that the operation needs. Nothing was sent.',
  ERR_FOREIGN_LINK: 'A Link of another stack was given where a link of this one is needed. Nothing was sent.',
  ERR_UNSUPPORTED_PLATFORM:
    'netloom was called on something other than Linux, or on a machine of the other byte order.',
  ERR_CLOSED: 'The stack, namespace, monitor or batch was closed before or during the call.',
  ERR_TIMEOUT: 'The call took longer than its timeout. If it had been sent, its outcome is unknown.',
  ERR_DUMP_INTERRUPTED:
    'The objects changed during each attempt to list them; `partial` holds what was read.',
  ERR_BATCH_ENDED:
    'A batch ended early: it was aborted, or `onProgress` threw (see `cause`). `outcomes` tells what is known.',
  ERR_BATCH_COMMITTED: 'The batch has been committed already.',
  ERR_STALE_GENERATION:
    'The rule set is no longer of the generation that the transaction asked for. Nothing was changed.',
  ERR_TRANSACTION_COMMITTED: 'The transaction has been committed already.',
  ERR_TRANSACTION_TOO_LARGE:
    "The transaction does not fit in one datagram of the socket's send buffer. Nothing was sent.",
  ERR_PROMISE_IN_NAMESPACE:
    'A function given to runSync returned a promise; only synchronous work can run inside.'
} as const

export type ErrorCode = keyof typeof errorCodes
