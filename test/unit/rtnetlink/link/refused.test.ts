import { describe, expect, it } from 'vitest'
import { linkOperations, linkDump } from '../../../../src/rtnetlink/link/index.js'
import { openTun } from '../../../../src/rtnetlink/link/tun.js'
import { connection, encoded } from '../encoded.js'

const mac = '02:42:ac:11:00:02'

describe('a spec that can not be right', () => {
  it.each<[string, object, string, string]>([
    ['no kind', { name: 'a' }, 'kind', 'ERR_INVALID_ARG_TYPE'],
    ['a strange kind', { kind: 'vlna', name: 'a' }, 'kind', 'ERR_INVALID_ARG_TYPE'],
    ['a kind of another type', { kind: 7 }, 'kind', 'ERR_INVALID_ARG_TYPE'],
    ['a name of 16 bytes', { kind: 'ifb', name: 'abcdefghijklmnop' }, 'name', 'ERR_OUT_OF_RANGE'],
    ['a slash in the name', { kind: 'ifb', name: 'a/b' }, 'name', 'ERR_INVALID_ARG_VALUE'],
    ['a space in the name', { kind: 'ifb', name: 'a b' }, 'name', 'ERR_INVALID_ARG_VALUE'],
    ['a colon in the name', { kind: 'ifb', name: 'a:b' }, 'name', 'ERR_INVALID_ARG_VALUE'],
    ['an empty name', { kind: 'ifb', name: '' }, 'name', 'ERR_INVALID_ARG_VALUE'],
    ['a number as name', { kind: 'ifb', name: 5 }, 'name', 'ERR_INVALID_ARG_TYPE'],
    ['a bad name to complete', { kind: 'ifb', name: 'a b%d' }, 'name', 'ERR_INVALID_ARG_VALUE'],
    ['an index of 0', { kind: 'ifb', index: 0 }, 'index', 'ERR_OUT_OF_RANGE'],
    ['a negative mtu', { kind: 'ifb', mtu: -1 }, 'mtu', 'ERR_OUT_OF_RANGE'],
    ['a mtu that is no number', { kind: 'ifb', mtu: '1500' }, 'mtu', 'ERR_INVALID_ARG_TYPE'],
    ['a fraction', { kind: 'ifb', transmitQueueLength: 1.5 }, 'transmitQueueLength', 'ERR_OUT_OF_RANGE'],
    [
      'a MAC of five bytes',
      { kind: 'ifb', macAddress: '02:42:ac:11:00' },
      'macAddress',
      'ERR_INVALID_ARG_VALUE'
    ],
    [
      'letters in a MAC',
      { kind: 'ifb', macAddress: 'xx:42:ac:11:00:02' },
      'macAddress',
      'ERR_INVALID_ARG_VALUE'
    ],
    ['up as a word', { kind: 'ifb', up: 'yes' }, 'up', 'ERR_INVALID_ARG_TYPE'],
    ['arp as a number', { kind: 'ifb', arp: 1 }, 'arp', 'ERR_INVALID_ARG_TYPE'],
    ['a long alias', { kind: 'ifb', alias: 'x'.repeat(256) }, 'alias', 'ERR_OUT_OF_RANGE'],
    [
      'a strange mode',
      { kind: 'ifb', addressGenerationMode: 'eui' },
      'addressGenerationMode',
      'ERR_INVALID_ARG_VALUE'
    ],
    [
      'names that are no array',
      { kind: 'ifb', alternativeNames: 'a' },
      'alternativeNames',
      'ERR_INVALID_ARG_TYPE'
    ],
    [
      'a bad further name',
      { kind: 'ifb', alternativeNames: ['a', 'b c'] },
      'alternativeNames[1]',
      'ERR_INVALID_ARG_VALUE'
    ],
    [
      'a name twice',
      { kind: 'ifb', alternativeNames: ['a', 'a'] },
      'alternativeNames[1]',
      'ERR_INVALID_ARG_VALUE'
    ],
    [
      'a long further name',
      { kind: 'ifb', alternativeNames: ['x'.repeat(128)] },
      'alternativeNames[0]',
      'ERR_OUT_OF_RANGE'
    ],
    ['a misspelt key', { kind: 'ifb', nmae: 'a' }, 'nmae', 'ERR_UNKNOWN_FIELD'],
    ['a key of the wire', { kind: 'ifb', namespacePid: 1 }, 'namespacePid', 'ERR_UNKNOWN_FIELD'],
    ['what is only read', { kind: 'ifb', statistics: {} }, 'statistics', 'ERR_UNKNOWN_FIELD'],
    ['a master that is no link', { kind: 'ifb', master: {} }, 'master', 'ERR_INVALID_ARG_TYPE'],
    ['a master with a bad name', { kind: 'ifb', master: 'a/b' }, 'master', 'ERR_INVALID_ARG_VALUE'],
    ['a namespace by name', { kind: 'ifb', namespace: 'con1' }, 'namespace', 'ERR_INVALID_ARG_TYPE'],
    [
      'a namespace of no process',
      { kind: 'ifb', namespace: { pid: 0 } },
      'namespace.pid',
      'ERR_OUT_OF_RANGE'
    ],
    ['settings of another kind', { kind: 'ifb', vxlan: { id: 1 } }, 'vxlan', 'ERR_UNKNOWN_FIELD'],
    ['settings where there are none', { kind: 'ifb', ifb: {} }, 'ifb', 'ERR_UNKNOWN_FIELD'],
    ['a peer of no pair', { kind: 'ifb', peer: {} }, 'peer', 'ERR_UNKNOWN_FIELD'],
    ['bytes for a known kind', { kind: 'ifb', data: new Uint8Array() }, 'data', 'ERR_UNKNOWN_FIELD'],
    ['an unknown kind without a name', { kind: 'unknown' }, 'kindName', 'ERR_INVALID_ARG_TYPE'],
    [
      'an unknown kind with an object',
      { kind: 'unknown', kindName: 'gre', data: {} },
      'data',
      'ERR_INVALID_ARG_TYPE'
    ],
    [
      'a port without a cost',
      { kind: 'ifb', bridgePort: { cost: 0 } },
      'bridgePort.cost',
      'ERR_OUT_OF_RANGE'
    ],
    [
      'a backup that is no link',
      { kind: 'ifb', bridgePort: { backupPort: true } },
      'bridgePort.backupPort',
      'ERR_INVALID_ARG_TYPE'
    ],
    ['a bridge that is no object', { kind: 'bridge', bridge: 7 }, 'bridge', 'ERR_INVALID_ARG_TYPE'],
    ['a strange setting', { kind: 'bridge', bridge: { stp: true } }, 'bridge.stp', 'ERR_UNKNOWN_FIELD'],
    [
      'a time below zero',
      { kind: 'bridge', bridge: { forwardDelay: -1 } },
      'bridge.forwardDelay',
      'ERR_OUT_OF_RANGE'
    ],
    ['a vxlan without an id', { kind: 'vxlan', vxlan: { port: 4789 } }, 'vxlan.id', 'ERR_MISSING_FIELD'],
    ['a vxlan without settings', { kind: 'vxlan' }, 'vxlan.id', 'ERR_MISSING_FIELD'],
    ['an id past 24 bits', { kind: 'vxlan', vxlan: { id: 2 ** 24 } }, 'vxlan.id', 'ERR_OUT_OF_RANGE'],
    [
      'a group that is none',
      { kind: 'vxlan', vxlan: { id: 1, group: '10.0.0.1' } },
      'vxlan.group',
      'ERR_INVALID_ARG_VALUE'
    ],
    [
      'a remote that is a group',
      { kind: 'vxlan', vxlan: { id: 1, remote: 'ff02::1' } },
      'vxlan.remote',
      'ERR_INVALID_ARG_VALUE'
    ],
    [
      'both ends',
      { kind: 'vxlan', vxlan: { id: 1, group: '239.1.1.1', remote: '10.0.0.1' } },
      'vxlan.remote',
      'ERR_INVALID_ARG_VALUE'
    ],
    [
      'a mix of families',
      { kind: 'vxlan', vxlan: { id: 1, remote: 'fd00::1', local: '10.0.0.1' } },
      'vxlan.local',
      'ERR_INVALID_ARG_VALUE'
    ],
    ['a vlan without a parent', { kind: 'vlan', vlan: { id: 1 } }, 'link', 'ERR_INVALID_ARG_TYPE'],
    ['an ipvlan without a parent', { kind: 'ipvlan', name: 'a' }, 'link', 'ERR_INVALID_ARG_TYPE'],
    ['a macvlan without a parent', { kind: 'macvlan' }, 'link', 'ERR_INVALID_ARG_TYPE'],
    ['the id 4095', { kind: 'vlan', link: 'a', vlan: { id: 4095 } }, 'vlan.id', 'ERR_OUT_OF_RANGE'],
    [
      'a priority of 8',
      { kind: 'vlan', link: 'a', vlan: { id: 1, egressQosMap: { 1: 8 } } },
      'vlan.egressQosMap.1',
      'ERR_OUT_OF_RANGE'
    ],
    [
      'a priority in words',
      { kind: 'vlan', link: 'a', vlan: { id: 1, ingressQosMap: { low: 1 } } },
      'vlan.ingressQosMap.low',
      'ERR_OUT_OF_RANGE'
    ],
    [
      'a strange mode',
      { kind: 'macvlan', link: 'a', macvlan: { mode: 'hub' } },
      'macvlan.mode',
      'ERR_INVALID_ARG_VALUE'
    ],
    ['a peer of a strange mtu', { kind: 'veth', peer: { mtu: -1 } }, 'peer.mtu', 'ERR_OUT_OF_RANGE'],
    ['a peer with a bad alias', { kind: 'veth', peer: { alias: 5 } }, 'peer.alias', 'ERR_INVALID_ARG_TYPE'],
    ['a peer with a kind', { kind: 'veth', peer: { kind: 'ifb' } }, 'peer.kind', 'ERR_UNKNOWN_FIELD'],
    ['a peer with a link', { kind: 'veth', peer: { link: 'a' } }, 'peer.link', 'ERR_UNKNOWN_FIELD'],
    ['an index for the peer alone', { kind: 'veth', peer: { index: 9 } }, 'peer.index', 'ERR_UNKNOWN_FIELD'],
    ['a tun by netlink', { kind: 'tun', tun: { mode: 'tap' } }, 'kind', 'ERR_INVALID_ARG_TYPE']
  ])('%s', (_what, spec, field, code) => {
    expect(() => encoded(linkOperations.add(connection, spec as never))).toThrow(
      expect.objectContaining({ field, code }) as Error
    )
  })

  it.each([undefined, null, 'ifb', []])('%j', (spec) => {
    expect(() => linkOperations.add(connection, spec as never)).toThrow(TypeError)
  })
})

describe('a change that can not be right', () => {
  it.each<[string, object, string]>([
    ['an index', { index: 5 }, 'index'],
    ['a number of queues', { transmitQueues: 5 }, 'transmitQueues'],
    ['a parent', { link: 'b' }, 'link'],
    ['the id of a vlan', { vlan: { id: 5 } }, 'vlan.id'],
    ['a kind', { kind: 'vlan' }, 'kind'],
    ['a time below zero', { bridge: { forwardDelay: -1 } }, 'bridge.forwardDelay'],
    ['a strange setting', { vxlan: { vni: 5 } }, 'vxlan.vni'],
    ['a backup that is no link', { bridgePort: { backupPort: true } }, 'bridgePort.backupPort'],
    ['two kinds', { vlan: { gvrp: true }, bridge: { priority: 1 } }, 'vlan'],
    ['what a tun is', { tun: { owner: 1 } }, 'tun'],
    ['a cleared mtu', { mtu: null }, 'mtu'],
    ['a MAC', { macAddress: mac + ':00' }, 'macAddress'],
    ['a peer', { peer: { mtu: 1400 } }, 'peer']
  ])('%s', (_what, change, field) => {
    expect(() => encoded(linkOperations.set(connection, 'a', change as never))).toThrow(
      expect.objectContaining({ field }) as Error
    )
  })

  it('is of a link that can be one', () => {
    expect(() => linkOperations.set(connection, 'a/b', {})).toThrow(/^link must be/)
    expect(() => linkOperations.delete(connection, 0)).toThrow(/^link must be a link index/)
    expect(() => linkOperations.set(connection, 'a', null as never)).toThrow(TypeError)
  })
})

describe('a tun that can not be right', () => {
  it.each<[object, string]>([
    [{ kind: 'tun' }, 'tun'],
    [{ kind: 'tun', tun: {} }, 'tun.mode'],
    [{ kind: 'tun', tun: { mode: 'tip' } }, 'tun.mode'],
    [{ kind: 'tun', name: 'a b', tun: { mode: 'tap' } }, 'name'],
    [{ kind: 'tun', index: 9, tun: { mode: 'tap' } }, 'index'],
    [{ kind: 'tun', mtu: -9, tun: { mode: 'tap' } }, 'mtu'],
    [{ kind: 'tun', tun: { mode: 'tap', queues: 2 } }, 'tun.queues']
  ])('%j', async (spec, field) => {
    await expect(openTun(connection, spec as never, {})).rejects.toMatchObject({ field })
  })
})

describe('a filter', () => {
  it('has no other keys, and only groups that are known', () => {
    expect(() => linkDump(connection, { state: 'up' } as never)).toThrow(/its keys are kind/)
    expect(() => linkDump(connection, { group: 'nope' as never })).toThrow(/^group must be/)
  })
})
