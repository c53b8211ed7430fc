import { defineKind } from '../kind.js'

/** A link that swallows what is sent over it (drivers/net/dummy.c). */
export const dummy = defineKind({ name: 'dummy' })
