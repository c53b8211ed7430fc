/**
 * The schema language: how objects lie on the wire, declared once. Types, encoder, decoder and the
 * attribute paths of errors follow from a declaration.
 */
export * from './array.js'
export * from './bits.js'
export * from './bytes.js'
export * from './compile/compile.js'
export * from './duration.js'
export * from './enumeration.js'
export * from './field.js'
export * from './flags.js'
export * from './invalid.js'
export * from './keys.js'
export * from './ip.js'
export * from './mac.js'
export * from './number.js'
export * from './prefix.js'
export * from './record.js'
export * from './repeated.js'
export * from './text.js'
export * from './type.js'
export * from './unknown.js'
export * from './writer.js'
