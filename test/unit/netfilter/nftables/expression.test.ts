import { describe, expect, it } from 'vitest'
import { Writer } from '../../../../src/codec/index.js'
import { nft } from '../../../../src/index.js'
import type { NftFamily, RuleItem } from '../../../../src/index.js'
import { expression } from '../../../../src/netfilter/nftables/expression/index.js'
import type { ExpressionInput } from '../../../../src/netfilter/nftables/expression/index.js'
import { buildRule } from '../../../../src/netfilter/nftables/rule/rule.js'

const { accept, assign, ip, match, meta, tcp } = nft

function build(family: NftFamily, ...expressions: RuleItem[]): readonly ExpressionInput[] {
  let id = 0
  const context = { family, nextId: () => ++id, knownSet: () => undefined }
  return buildRule({ family, table: 't', chain: 'c', expressions }, context).builder.expressions
}

function bytesOf(input: ExpressionInput): Uint8Array {
  const writer = new Writer(64)
  expression.write(writer, input)
  return writer.written().slice()
}

describe('an expression', () => {
  it.each<[ExpressionInput, string]>([
    [
      { kind: 'meta', key: 'l4proto', destinationRegister: 1 },
      '09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001'
    ],
    [
      { kind: 'cmp', sourceRegister: 1, operator: '==', data: { value: Uint8Array.of(6) } },
      '08000100 636d7000 20000280 08000100 00000001 08000200 00000000 0c000380 05000100 06000000'
    ],
    [
      { kind: 'immediate', destinationRegister: 'verdict', data: { verdict: { code: 'accept' } } },
      '0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001'
    ]
  ])('%# lies as nft writes it', (input, wanted) => {
    const bytes = bytesOf(input)
    expect(Buffer.from(bytes).toString('hex')).toBe(wanted.replaceAll(' ', ''))
    expect(expression.read(bytes, 0, bytes.length)).toEqual(input)
  })

  it('of an unknown kind is kept as it is', () => {
    const input: ExpressionInput = {
      kind: 'unknown',
      name: 'later',
      data: Uint8Array.of(8, 0, 1, 0, 1, 2, 3, 4)
    }
    const bytes = bytesOf(input)
    expect(expression.read(bytes, 0, bytes.length)).toEqual(input)
    const bare: ExpressionInput = { kind: 'unknown', name: 'later' }
    expect(expression.read(bytesOf(bare), 0, bytesOf(bare).length)).toEqual(bare)
  })
})

describe('a rule', () => {
  const kinds = (items: readonly ExpressionInput[]): string[] => items.map(({ kind }) => kind)

  it('says once which protocols it is about', () => {
    expect(kinds(build('inet', match(tcp.dport, 22), match(tcp.sport, 1000), accept()))).toEqual([
      ...['meta', 'cmp', 'payload', 'cmp', 'payload', 'cmp', 'immediate']
    ])
    expect(kinds(build('ip', match(ip.protocol, 'tcp'), match(tcp.dport, 22)))).toEqual([
      ...['payload', 'cmp', 'payload', 'cmp']
    ])
    expect(() => build('ip6', match(ip.saddr, '10.0.0.1'))).toThrow('a family that sees ip packets')
  })

  it('loads no more of an address than its prefix', () => {
    const [payload, cmp] = build('ip', match(ip.saddr, '10.0.0.0/8'))
    expect(payload).toMatchObject({ kind: 'payload', offset: 12, length: 1 })
    expect(cmp).toMatchObject({ data: { value: Uint8Array.of(10) } })
  })

  it('compares numbers of the host in network byte order', () => {
    expect(build('ip', match(meta.mark, '>', 5))).toMatchObject([
      { kind: 'meta' },
      { kind: 'byteorder', operation: 'host-to-network', size: 4 },
      { kind: 'cmp', operator: '>', data: { value: Uint8Array.of(0, 0, 0, 5) } }
    ])
  })

  it('changes a field along with its checksum', () => {
    expect(build('ip', assign(ip.ttl, 3))).toMatchObject([
      { kind: 'payload', offset: 8, length: 2 },
      { kind: 'bitwise', mask: { value: Uint8Array.of(0, 255) }, xor: { value: Uint8Array.of(3, 0) } },
      { kind: 'payload', checksumType: 'inet', checksumOffset: 10 }
    ])
  })
})
