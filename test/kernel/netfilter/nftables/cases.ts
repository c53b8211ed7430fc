/** Rules as nft writes them, beside what netloom's users write. */
import { nft } from '../../../../src/index.js'
import type { BaseChainSpec, NftFamily, RuleItem } from '../../../../src/index.js'

const { accept, assign, concat, counter, ct, dnat, drop, ip, ip6, jump, limit, log, map, match, meta } = nft
const { reject, tcp, udp, verdictMap, exthdr, fib, icmp, icmpv6, masquerade, redirect, snat, verdict } = nft

/** A rule in a table `t` with the chains `c`, at a hook, and `d`. */
export interface RuleCase {
  readonly nft: string
  readonly expressions: readonly RuleItem[]
  /** `'inet'` when absent. */
  readonly family?: NftFamily
  /** Filter at prerouting when absent. */
  readonly hook?: Pick<BaseChainSpec, 'type' | 'hook' | 'priority' | 'device'>
}

const natIn = { type: 'nat', hook: 'prerouting', priority: -100 } as const
const natOut = { type: 'nat', hook: 'postrouting', priority: 100 } as const
const forward = { type: 'filter', hook: 'forward', priority: 0 } as const
const input = { type: 'filter', hook: 'input', priority: 0 } as const
const output = { type: 'filter', hook: 'output', priority: 0 } as const
const lo = { type: 'filter', hook: 'ingress', priority: 0, device: 'lo' } as const

export const ruleCases: readonly RuleCase[] = [
  // Addresses and the network header.
  { nft: 'ip saddr 10.0.0.1', expressions: [match(ip.saddr, '10.0.0.1')] },
  { nft: 'ip saddr 10.0.0.0/8', expressions: [match(ip.saddr, '10.0.0.0/8')] },
  { nft: 'ip saddr 10.0.0.0/12', expressions: [match(ip.saddr, '10.0.0.0/12')] },
  { nft: 'ip daddr != 10.0.0.0/9', expressions: [match(ip.daddr, '!=', '10.0.0.0/9')] },
  { nft: 'ip daddr 10.0.0.1-10.0.0.5', expressions: [match(ip.daddr, '10.0.0.1-10.0.0.5')] },
  {
    nft: 'ip saddr & 255.0.0.255 == 10.0.0.1',
    expressions: [match(ip.saddr.and('255.0.0.255'), '10.0.0.1')]
  },
  { nft: 'ip6 saddr fe80::/64', expressions: [match(ip6.saddr, 'fe80::/64')] },
  { nft: 'ip6 daddr fd00::1', expressions: [match(ip6.daddr, 'fd00::1')], family: 'ip6' },
  { nft: 'ip6 saddr { fd00::/8, fe80::1 }', expressions: [match(ip6.saddr, ['fd00::/8', 'fe80::1'])] },
  { nft: 'ip saddr { 10.0.0.1, 10.0.0.2 }', expressions: [match(ip.saddr, ['10.0.0.1', '10.0.0.2'])] },
  {
    nft: 'ip saddr != { 10.0.0.0/8, 192.168.0.0/16 } drop',
    expressions: [match(ip.saddr, 'not in', ['10.0.0.0/8', '192.168.0.0/16']), drop()]
  },
  { nft: 'ip protocol tcp tcp dport 80', expressions: [match(ip.protocol, 'tcp'), match(tcp.dport, 80)] },
  { nft: 'ip dscp cs1', expressions: [match(ip.dscp, 'cs1')] },
  { nft: 'ip dscp { cs1, cs2 }', expressions: [match(ip.dscp, ['cs1', 'cs2'])] },
  { nft: 'ip ecn ce', expressions: [match(ip.ecn, 'ce')] },
  { nft: 'ip version 4', expressions: [match(ip.version, 4)] },
  { nft: 'ip hdrlength 5', expressions: [match(ip.hdrlength, 5)] },
  { nft: 'ip ttl < 5', expressions: [match(ip.ttl, '<', 5)] },
  { nft: 'ip frag-off != 0', expressions: [match(ip.fragOff, '!=', 0)] },
  { nft: 'ip6 flowlabel 3', expressions: [match(ip6.flowlabel, 3)] },
  { nft: 'ip6 dscp 3', expressions: [match(ip6.dscp, 3)] },
  { nft: 'ip6 nexthdr tcp', expressions: [match(ip6.nexthdr, 'tcp')] },
  { nft: 'ip6 hoplimit 255', expressions: [match(ip6.hoplimit, 255)] },
  // Transport.
  { nft: 'tcp dport 22', expressions: [match(tcp.dport, 22)] },
  { nft: 'tcp dport 22', expressions: [match(tcp.dport, 22)], family: 'ip' },
  { nft: 'tcp dport 22', expressions: [match(tcp.dport, 22)], family: 'bridge' },
  { nft: 'tcp dport 80-90', expressions: [match(tcp.dport, '80-90')] },
  { nft: 'tcp dport != 80-90', expressions: [match(tcp.dport, '!=', { from: 80, to: 90 })] },
  { nft: 'tcp dport { 80, 443 } accept', expressions: [match(tcp.dport, [80, 443]), accept()] },
  { nft: 'tcp dport { 80-90, 443 }', expressions: [match(tcp.dport, ['80-90', 443])] },
  { nft: 'tcp flags syn', expressions: [match(tcp.flags, 'syn')] },
  { nft: 'tcp flags == syn', expressions: [match(tcp.flags, '==', 'syn')] },
  {
    nft: 'tcp flags & (fin|syn|rst|ack) == syn',
    expressions: [match(tcp.flags.and(['fin', 'syn', 'rst', 'ack']), 'syn')]
  },
  { nft: 'tcp flags { syn, ack }', expressions: [match(tcp.flags, 'in', ['syn', 'ack'])] },
  { nft: 'tcp window > 1000', expressions: [match(tcp.window, '>', 1000)] },
  { nft: 'tcp doff 5', expressions: [match(tcp.doff, 5)] },
  { nft: 'udp sport 53 udp length 100', expressions: [match(udp.sport, 53), match(udp.length, 100)] },
  {
    nft: 'meta l4proto { tcp, udp } th dport 53',
    expressions: [match(meta.l4proto, ['tcp', 'udp']), match(nft.th.dport, 53)]
  },
  { nft: 'icmp type echo-request', expressions: [match(icmp.type, 'echo-request')] },
  {
    nft: 'icmp type { echo-reply, echo-request }',
    expressions: [match(icmp.type, ['echo-reply', 'echo-request'])]
  },
  { nft: 'icmp code host-unreachable', expressions: [match(icmp.code, 'host-unreachable')] },
  { nft: 'icmpv6 type nd-neighbor-solicit', expressions: [match(icmpv6.type, 'nd-neighbor-solicit')] },
  { nft: 'igmp type membership-query', expressions: [match(nft.igmp.type, 'membership-query')] },
  { nft: 'sctp dport 9', expressions: [match(nft.sctp.dport, 9)] },
  { nft: 'sctp chunk data exists', expressions: [match(nft.sctpChunk('data'), true)] },
  { nft: 'dccp dport 3', expressions: [match(nft.dccp.dport, 3)] },
  { nft: 'udplite dport 3', expressions: [match(nft.udplite.dport, 3)] },
  { nft: 'ah spi 3', expressions: [match(nft.ah.spi, 3)] },
  { nft: 'esp spi 3', expressions: [match(nft.esp.spi, 3)] },
  { nft: 'comp cpi 3', expressions: [match(nft.comp.cpi, 3)] },
  { nft: '@th,16,16 80', expressions: [match(nft.payload('transport', 16, 16), 80)] },
  { nft: '@nh,0,8 3', expressions: [match(nft.payload('network', 0, 8), 3)] },
  // Link.
  { nft: 'ether saddr 00:11:22:33:44:55', expressions: [match(nft.ether.saddr, '00:11:22:33:44:55')] },
  { nft: 'ether type arp', expressions: [match(nft.ether.type, 'arp')], family: 'bridge' },
  { nft: 'vlan id 3', expressions: [match(nft.vlan.id, 3)] },
  {
    nft: 'vlan id 3 ip saddr 1.2.3.4',
    expressions: [match(nft.vlan.id, 3), match(ip.saddr, '1.2.3.4')],
    family: 'netdev',
    hook: lo
  },
  {
    nft: 'arp operation request',
    expressions: [match(nft.arp.operation, 'request')],
    family: 'arp',
    hook: input
  },
  {
    nft: 'arp saddr ip 1.2.3.4',
    expressions: [match(nft.arp.saddrIp, '1.2.3.4')],
    family: 'arp',
    hook: input
  },
  {
    nft: 'ip saddr 1.2.3.4 drop',
    expressions: [match(ip.saddr, '1.2.3.4'), drop()],
    family: 'netdev',
    hook: lo
  },
  { nft: 'ip saddr 1.2.3.4', expressions: [match(ip.saddr, '1.2.3.4')], family: 'bridge', hook: input },
  { nft: 'icmp type echo-reply', expressions: [match(icmp.type, 0)], family: 'bridge', hook: input },
  // Meta.
  {
    nft: 'iifname "eth0" oifname "eth1"',
    expressions: [match(meta.iifname, 'eth0'), match(meta.oifname, 'eth1')],
    hook: forward
  },
  { nft: 'iifname "eth*"', expressions: [match(meta.iifname, 'eth*')] },
  { nft: 'iifname != { "a", "b" }', expressions: [match(meta.iifname, 'not in', ['a', 'b'])] },
  { nft: 'iif "lo" accept', expressions: [match(meta.iif, 1), accept()] },
  { nft: 'meta mark 1', expressions: [match(meta.mark, 1)] },
  { nft: 'meta mark 1-5', expressions: [match(meta.mark, '1-5')] },
  { nft: 'meta mark { 1-5, 8 }', expressions: [match(meta.mark, ['1-5', 8])] },
  { nft: 'meta mark and 0x3 == 0x1', expressions: [match(meta.mark.and(3), 1)] },
  { nft: 'meta length > 100', expressions: [match(meta.length, '>', 100)] },
  { nft: 'meta nfproto ipv6', expressions: [match(meta.nfproto, 'ipv6')] },
  { nft: 'meta protocol ip', expressions: [match(meta.protocol, 'ip')], family: 'netdev', hook: lo },
  {
    nft: 'meta skuid 1000 meta skgid 100',
    expressions: [match(meta.skuid, 1000), match(meta.skgid, 100)],
    hook: output
  },
  { nft: 'meta pkttype multicast', expressions: [match(meta.pkttype, 'multicast')] },
  { nft: 'meta cpu 1', expressions: [match(meta.cpu, 1)] },
  { nft: 'meta iifkind "veth"', expressions: [match(meta.iifkind, 'veth')] },
  { nft: 'meta iifgroup 3', expressions: [match(meta.iifgroup, 3)] },
  { nft: 'meta iiftype ether', expressions: [match(meta.iiftype, 'ether')] },
  { nft: 'meta cgroup 1', expressions: [match(meta.cgroup, 1)], hook: output },
  { nft: 'meta random > 3', expressions: [match(meta.random, '>', 3)] },
  { nft: 'meta day "Monday"', expressions: [match(meta.day, 'Monday')] },
  { nft: 'meta hour "10:00"-"12:00"', expressions: [match(meta.hour, { from: '10:00', to: '12:00' })] },
  { nft: 'meta time > 1577836800', expressions: [match(meta.time, '>', new Date('2020-01-01T00:00:00Z'))] },
  { nft: 'meta priority 1:2', expressions: [match(meta.priority, '1:2')] },
  { nft: 'meta ipsec exists', expressions: [match(meta.ipsec, true)] },
  // Connections.
  {
    nft: 'ct state established,related accept',
    expressions: [match(ct.state, ['established', 'related']), accept()]
  },
  { nft: 'ct state { new, established }', expressions: [match(ct.state, 'in', ['new', 'established'])] },
  { nft: 'ct state != new', expressions: [match(ct.state, '!=', 'new')] },
  { nft: 'ct status dnat', expressions: [match(ct.status, 'dnat')] },
  {
    nft: 'ct mark 1 ct direction original',
    expressions: [match(ct.mark, 1), match(ct.direction, 'original')]
  },
  { nft: 'ct helper "ftp"', expressions: [match(ct.helper, 'ftp')] },
  { nft: 'ct expiration > 30s', expressions: [match(ct.expiration, '>', 30)] },
  { nft: 'ct original ip saddr 1.2.3.4', expressions: [match(ct.original.saddr, '1.2.3.4')] },
  { nft: 'ct original packets > 3', expressions: [match(ct.original.packets, '>', 3)] },
  { nft: 'ct zone 3', expressions: [match(ct.zone, 3)] },
  { nft: 'ct label 3', expressions: [match(ct.label, 3)] },
  { nft: 'ct count over 10 reject', expressions: [nft.connectionLimit({ count: 10, over: true }), reject()] },
  // Routes and sockets.
  { nft: 'fib daddr type local', expressions: [match(fib.type('daddr'), 'local')] },
  {
    nft: 'fib saddr . iif oif missing drop',
    expressions: [match(fib.exists('saddr', 'iif'), false), drop()]
  },
  { nft: 'fib daddr oifname "lo"', expressions: [match(fib.oifname('daddr'), 'lo')] },
  { nft: 'socket transparent 1', expressions: [match(nft.socket.transparent, true)] },
  {
    nft: 'socket mark 3 socket wildcard 0',
    expressions: [match(nft.socket.mark, 3), match(nft.socket.wildcard, false)]
  },
  { nft: 'rt classid 3', expressions: [match(nft.rt.classid, 3)], hook: forward },
  { nft: 'rt ip nexthop 1.2.3.4', expressions: [match(nft.rt.nexthop, '1.2.3.4')], hook: forward },
  { nft: 'ipsec in reqid 1', expressions: [match(nft.ipsec('in').reqid, 1)] },
  { nft: 'osf name "Linux"', expressions: [match(nft.osf(), 'Linux')] },
  // Extensions.
  { nft: 'exthdr frag exists', expressions: [match(exthdr.exists.frag, true)] },
  { nft: 'frag more-fragments 1', expressions: [match(exthdr.frag.moreFragments, 1)] },
  { nft: 'rt type 0', expressions: [match(exthdr.rt.type, 0)] },
  { nft: 'hbh nexthdr tcp', expressions: [match(exthdr.hbh.nexthdr, 'tcp')] },
  { nft: 'mh type binding-update', expressions: [match(exthdr.mh.type, 'binding-update')] },
  { nft: 'tcp option maxseg size 1400', expressions: [match(nft.tcpOption.maxseg.size, 1400)] },
  { nft: 'tcp option maxseg size set 1400', expressions: [assign(nft.tcpOption.maxseg.size, 1400)] },
  {
    nft: 'tcp flags syn tcp option maxseg size set rt mtu',
    expressions: [match(tcp.flags, 'syn'), assign(nft.tcpOption.maxseg.size, nft.rt.mtu)],
    hook: forward
  },
  { nft: 'tcp option sack-perm exists', expressions: [match(nft.tcpOption.exists.sackPerm, true)] },
  { nft: 'reset tcp option fastopen', expressions: [nft.resetTcpOption('fastopen')] },
  { nft: 'ip option rr ptr 1', expressions: [match(nft.ipOption.rr.ptr, 1)] },
  { nft: 'ip option lsrr exists drop', expressions: [match(nft.ipOption.exists.lsrr, true), drop()] },
  // Numbers.
  { nft: 'numgen inc mod 10 < 3', expressions: [match(nft.numgen({ modulus: 10 }), '<', 3)] },
  {
    nft: 'numgen random mod 10 offset 3 == 4',
    expressions: [match(nft.numgen({ type: 'random', modulus: 10, offset: 3 }), 4)]
  },
  {
    nft: 'jhash ip saddr . tcp sport mod 2 seed 0xdead == 1',
    expressions: [match(nft.jhash(concat(ip.saddr, tcp.sport), { modulus: 2, seed: 0xdead }), 1)]
  },
  { nft: 'symhash mod 3 == 2', expressions: [match(nft.symhash({ modulus: 3 }), 2)] },
  // Concatenations and maps.
  {
    nft: 'ip saddr . tcp dport { 10.0.0.1 . 80, 10.0.0.2 . 90 }',
    expressions: [
      match(concat(ip.saddr, tcp.dport), [
        ['10.0.0.1', 80],
        ['10.0.0.2', 90]
      ])
    ]
  },
  {
    nft: 'ip saddr . tcp dport { 10.0.0.0/8 . 80-90 }',
    expressions: [match(concat(ip.saddr, tcp.dport), [['10.0.0.0/8', '80-90']])]
  },
  {
    nft: 'iifname . meta mark { "a" . 1, "b" . 2 }',
    expressions: [
      match(concat(meta.iifname, meta.mark), [
        ['a', 1],
        ['b', 2]
      ])
    ]
  },
  {
    nft: 'tcp dport vmap { 80 : accept, 81 : jump d, 82-90 : drop }',
    expressions: [
      verdictMap(tcp.dport, [
        [80, 'accept'],
        [81, { jump: 'd' }],
        ['82-90', 'drop']
      ])
    ]
  },
  {
    nft: 'ct state vmap { established : accept, invalid : drop }',
    expressions: [
      verdictMap(ct.state, [
        ['established', 'accept'],
        ['invalid', 'drop']
      ])
    ]
  },
  {
    nft: 'meta mark set tcp dport map { 80 : 1, 90 : 2 }',
    expressions: [
      assign(
        meta.mark,
        map(tcp.dport, [
          [80, 1],
          [90, 2]
        ])
      )
    ]
  },
  // Verdicts.
  { nft: 'accept', expressions: [accept()] },
  { nft: 'drop', expressions: [drop()] },
  { nft: 'jump d', expressions: [jump('d')] },
  { nft: 'goto d', expressions: [nft.goTo('d')] },
  { nft: 'return', expressions: [verdict('return')] },
  { nft: 'continue', expressions: [verdict('continue')] },
  // What is counted, limited, logged.
  { nft: 'counter packets 1 bytes 2', expressions: [counter({ packets: 1, bytes: 2 })] },
  { nft: 'limit rate 10/second', expressions: [limit({ rate: 10 })] },
  {
    nft: 'limit rate over 400/minute burst 20 packets drop',
    expressions: [limit({ rate: 400, per: 'minute', burst: 20, over: true }), drop()]
  },
  {
    nft: 'limit rate 10 mbytes/second burst 1 mbytes',
    expressions: [limit({ rate: 10 << 20, unit: 'bytes', burst: 1 << 20 })]
  },
  { nft: 'quota over 10 mbytes', expressions: [nft.quota({ bytes: 10 << 20, over: true })] },
  { nft: 'quota 10 bytes used 3 bytes', expressions: [nft.quota({ bytes: 10, consumed: 3 })] },
  {
    nft: 'log prefix "x " level info flags all',
    expressions: [log({ prefix: 'x ', level: 'info', flags: 'all' })]
  },
  { nft: 'log', expressions: [log()] },
  {
    nft: 'log group 3 snaplen 10 queue-threshold 3',
    expressions: [log({ group: 3, snaplen: 10, queueThreshold: 3 })]
  },
  { nft: 'log level audit', expressions: [log({ level: 'audit' })] },
  // What is refused.
  { nft: 'reject', expressions: [reject()], hook: input },
  { nft: 'reject', expressions: [reject()], hook: input, family: 'ip' },
  { nft: 'reject', expressions: [reject()], hook: input, family: 'ip6' },
  { nft: 'reject with tcp reset', expressions: [reject({ tcpReset: true })], hook: input },
  {
    nft: 'reject with icmp type host-unreachable',
    expressions: [reject({ icmp: 'host-unreachable' })],
    hook: input
  },
  { nft: 'reject with icmpv6 type no-route', expressions: [reject({ icmpv6: 'no-route' })], hook: input },
  {
    nft: 'reject with icmpx type admin-prohibited',
    expressions: [reject({ icmpx: 'admin-prohibited' })],
    hook: input
  },
  { nft: 'reject', expressions: [reject()], hook: input, family: 'bridge' },
  // What is set.
  { nft: 'meta mark set 1', expressions: [assign(meta.mark, 1)] },
  { nft: 'meta mark set ct mark', expressions: [assign(meta.mark, ct.mark)] },
  { nft: 'ct mark set meta mark', expressions: [assign(ct.mark, meta.mark)] },
  { nft: 'meta mark set meta mark | 0x1', expressions: [assign(meta.mark, meta.mark.or(1))] },
  { nft: 'meta mark set meta mark ^ 0x1', expressions: [assign(meta.mark, meta.mark.xor(1))] },
  { nft: 'meta priority set 1:2', expressions: [assign(meta.priority, '1:2')] },
  { nft: 'meta nftrace set 1', expressions: [assign(meta.nftrace, true)] },
  { nft: 'ct event set new,destroy', expressions: [assign(ct.event, ['new', 'destroy'])] },
  {
    nft: 'ct zone set 3',
    expressions: [assign(ct.zone, 3)],
    hook: { type: 'filter', hook: 'prerouting', priority: -300 }
  },
  { nft: 'ip dscp set cs1', expressions: [assign(ip.dscp, 'cs1')] },
  { nft: 'ip ttl set 3', expressions: [assign(ip.ttl, 3)] },
  { nft: 'ip6 hoplimit set 3', expressions: [assign(ip6.hoplimit, 3)] },
  { nft: 'ip daddr set 1.2.3.4', expressions: [assign(ip.daddr, '1.2.3.4')] },
  { nft: 'tcp dport set 80', expressions: [assign(tcp.dport, 80)] },
  {
    nft: 'ether saddr set 00:11:22:33:44:55',
    expressions: [assign(nft.ether.saddr, '00:11:22:33:44:55')],
    family: 'netdev',
    hook: lo
  },
  {
    nft: 'notrack',
    expressions: [nft.notrack()],
    hook: { type: 'filter', hook: 'prerouting', priority: -300 }
  },
  // Where packets go.
  { nft: 'masquerade', expressions: [masquerade()], hook: natOut },
  { nft: 'masquerade', expressions: [masquerade()], hook: natOut, family: 'ip6' },
  {
    nft: 'tcp dport 80 masquerade to :1024-2048 random,persistent',
    expressions: [match(tcp.dport, 80), masquerade({ port: '1024-2048', random: true, persistent: true })],
    hook: natOut
  },
  { nft: 'snat ip to 1.2.3.4', expressions: [snat({ to: '1.2.3.4' })], hook: natOut },
  { nft: 'snat ip6 to fe80::1', expressions: [snat({ to: 'fe80::1' })], hook: natOut },
  {
    nft: 'snat to 1.2.3.4-1.2.3.9 fully-random',
    expressions: [snat({ to: '1.2.3.4-1.2.3.9', fullyRandom: true })],
    hook: natOut,
    family: 'ip'
  },
  {
    nft: 'tcp dport 80 dnat to 10.0.0.1:8080',
    expressions: [match(tcp.dport, 80), dnat({ to: '10.0.0.1', port: 8080 })],
    hook: natIn,
    family: 'ip'
  },
  {
    nft: 'tcp dport 80 dnat ip6 to [fd00::1]:8080',
    expressions: [match(tcp.dport, 80), dnat({ to: 'fd00::1', port: 8080 })],
    hook: natIn
  },
  {
    nft: 'dnat to tcp dport map { 80 : 10.0.0.1, 81 : 10.0.0.2 }',
    expressions: [
      dnat({
        to: map(tcp.dport, [
          [80, '10.0.0.1'],
          [81, '10.0.0.2']
        ])
      })
    ],
    hook: natIn,
    family: 'ip'
  },
  {
    nft: 'dnat ip to numgen inc mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }',
    expressions: [
      dnat({
        family: 'ip',
        to: map(nft.numgen({ modulus: 2 }), [
          [0, '10.0.0.1'],
          [1, '10.0.0.2']
        ])
      })
    ],
    hook: natIn
  },
  {
    nft: 'dnat to ip daddr . tcp dport map { 1.2.3.4 . 80 : 10.0.0.1 . 8080 }',
    expressions: [
      dnat({
        endpoint: map(concat(ip.daddr, tcp.dport), [
          [
            ['1.2.3.4', 80],
            ['10.0.0.1', 8080]
          ]
        ])
      })
    ],
    hook: natIn,
    family: 'ip'
  },
  {
    nft: 'tcp dport 80 dnat to 10.0.0.1:tcp dport map { 80 : 8080 }',
    expressions: [match(tcp.dport, 80), dnat({ to: '10.0.0.1', port: map(tcp.dport, [[80, 8080]]) })],
    hook: natIn,
    family: 'ip'
  },
  {
    nft: 'dnat to ip daddr map { 10.0.0.0/8 : 1.1.1.1 }',
    expressions: [dnat({ to: map(ip.daddr, [['10.0.0.0/8', '1.1.1.1']]) })],
    hook: natIn,
    family: 'ip'
  },
  {
    nft: 'dnat ip prefix to 10.0.0.0/24',
    expressions: [dnat({ to: '10.0.0.0/24', prefix: true })],
    hook: natIn,
    family: 'ip'
  },
  {
    nft: 'tcp dport 80 redirect to :8080',
    expressions: [match(tcp.dport, 80), redirect({ port: 8080 })],
    hook: natIn
  },
  { nft: 'redirect', expressions: [redirect()], hook: natIn },
  {
    nft: 'meta l4proto tcp tproxy to :50',
    expressions: [match(meta.l4proto, 'tcp'), nft.tproxy({ port: 50 })]
  },
  {
    nft: 'meta l4proto tcp tproxy ip to 127.0.0.1:50',
    expressions: [match(meta.l4proto, 'tcp'), nft.tproxy({ address: '127.0.0.1', port: 50 })]
  },
  { nft: 'queue num 3', expressions: [nft.queue({ number: 3 })] },
  {
    nft: 'queue num 3-5 bypass,fanout',
    expressions: [nft.queue({ number: 3, to: 5, bypass: true, fanout: true })]
  },
  { nft: 'dup to 10.0.0.1', expressions: [nft.duplicate({ to: '10.0.0.1' })], family: 'ip' },
  {
    nft: 'dup to 10.0.0.1 device "lo"',
    expressions: [nft.duplicate({ to: '10.0.0.1', device: 1 })],
    family: 'ip'
  },
  { nft: 'dup to "lo"', expressions: [nft.duplicate({ device: 1 })], family: 'netdev', hook: lo },
  { nft: 'fwd to "lo"', expressions: [nft.forward({ device: 1 })], family: 'netdev', hook: lo },
  {
    nft: 'fwd ip to 1.2.3.4 device "lo"',
    expressions: [nft.forward({ device: { index: 1 }, to: '1.2.3.4' })],
    family: 'netdev',
    hook: lo
  },
  {
    nft: 'tcp dport 80 synproxy mss 1460 wscale 7 timestamp sack-perm',
    expressions: [
      match(tcp.dport, 80),
      nft.synproxy({ mss: 1460, wscale: 7, timestamp: true, sackPerm: true })
    ],
    hook: input
  }
]
