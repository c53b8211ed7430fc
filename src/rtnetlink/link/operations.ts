import { addLink } from './create.js'
import { setLink } from './change.js'
import { deleteLink } from './requests.js'

/** The verbs on links. */
export const linkOperations = { add: addLink, set: setLink, delete: deleteLink } as const
