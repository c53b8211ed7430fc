import { describe, expect, it } from 'vitest'
import { Writer } from '../../../src/codec/index.js'
import { parseTableNames, table, tableName, tableNumber } from '../../../src/rtnetlink/table-names.js'

describe('names of routing tables', () => {
  it('reads the form of rt_tables', () => {
    const content = `
# reserved values
255\tlocal
254   main   # the usual one
 0x64 hundred
#1 inr.ruhep
nonsense
7
4294967296 toolarge`
    expect([...parseTableNames(content)]).toEqual([
      ['local', 255],
      ['main', 254],
      ['hundred', 100]
    ])
  })

  it('knows the kernel’s own without any file', () => {
    expect([tableNumber('default'), tableNumber('main'), tableNumber('local')]).toEqual([253, 254, 255])
    expect([253, 254, 255, 4_000_000_000].map(tableName)).toEqual(['default', 'main', 'local', undefined])
  })

  it.each([0, -1, 2 ** 32, 1.5, NaN, 'no such table', 'toString', '', null, {}])('refuses %j', (value) => {
    expect(() => table.write(new Writer(), value as string)).toThrow(
      expect.objectContaining({ expected: expect.stringMatching(/table|number/) as string })
    )
  })
})
