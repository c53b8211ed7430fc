import { describe, expect, it } from 'vitest'
import {
  InvalidRange,
  InvalidType,
  invalidRange,
  invalidType,
  invalidValue,
  isInvalid,
  joinPath,
  within
} from '../../../src/codec/index.js'

describe('refusals', () => {
  it('say the path, the value and what is allowed', () => {
    const error = new InvalidType('x', 'a number').within('id').within(2).within('vxlan')
    expect(error.message).toBe('vxlan[2].id must be a number; got "x"')
    expect(error).toMatchObject({
      field: 'vxlan[2].id',
      value: 'x',
      expected: 'a number',
      code: 'ERR_INVALID_ARG_TYPE'
    })
    expect(error).toBeInstanceOf(TypeError)
    expect(new InvalidRange(1, 'less').within('a').within('b')).toMatchObject({
      field: 'b.a',
      code: 'ERR_OUT_OF_RANGE'
    })
  })

  it.each([
    ['a'.repeat(100), `"${'a'.repeat(80)}…"`],
    [1n, '1n'],
    [() => 1, 'a function'],
    [[1, 2], 'an array of 2'],
    [{}, 'an object'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    [NaN, 'NaN']
  ])('%#: show the value briefly', (value, shown) => {
    expect(new InvalidType(value, 'x').message).toBe(`the value must be x; got ${shown}`)
  })

  it('have a class for each code', () => {
    expect(() => invalidType(1, 'x')).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError' })
    )
    expect(() => invalidValue(1, 'x')).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE', name: 'TypeError' })
    )
    expect(() => invalidRange(1, 'x')).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE', name: 'RangeError' })
    )
  })

  it('are extended on their way, and other errors are not', () => {
    expect(() => within('spec', () => within('name', () => invalidType(1, 'a string')))).toThrow(
      'spec.name must be a string; got 1'
    )
    const other = new Error('other')
    expect(() =>
      within('spec', () => {
        throw other
      })
    ).toThrow(other)
    expect(within('spec', () => 7)).toBe(7)
    expect(isInvalid(other)).toBe(false)
  })

  it('joins paths', () => {
    expect(joinPath('a', undefined)).toBe('a')
    expect(joinPath('a', 'b')).toBe('a.b')
    expect(joinPath('a', '[1].b')).toBe('a[1].b')
    expect(joinPath(1, 'b')).toBe('[1].b')
  })
})
