/** Whole rule sets as nft writes them, beside what netloom's users write. */
import { nft } from '../../../../src/index.js'
import type { Transaction } from '../../../../src/index.js'

const { addToSet, concat, counter, ct, dnat, drop, ip, ip6, limit, map, match, meta, tcp } = nft
const { updateSet, verdictMap } = nft

export interface RulesetCase {
  readonly name: string
  readonly nft: string
  make(tx: Transaction): void
}

const t = { family: 'inet', table: 't' } as const
const table = (tx: Transaction): number => tx.tables.add({ family: 'inet', name: 't' })
const chain = (tx: Transaction): number =>
  tx.chains.add({ ...t, name: 'c', type: 'filter', hook: 'prerouting', priority: 0, policy: 'accept' })
const base = 'type filter hook prerouting priority 0; policy accept;'

export const rulesetCases: readonly RulesetCase[] = [
  {
    name: 'tables of every family, dormant, with comments',
    nft: `table inet a { comment "one"; }; table ip b { flags dormant; }; table ip6 d { }; table arp e { };
      table bridge f { }; table netdev g { };`,
    make(tx) {
      tx.tables.add({ family: 'inet', name: 'a', comment: 'one' })
      tx.tables.add({ family: 'ip', name: 'b', flags: ['dormant'] })
      for (const [family, name] of [
        ['ip6', 'd'],
        ['arp', 'e'],
        ['bridge', 'f'],
        ['netdev', 'g']
      ] as const) {
        tx.tables.add({ family, name })
      }
    }
  },
  {
    name: 'base chains at every hook, by the names of priorities',
    nft: `table inet t {
      chain a { type filter hook prerouting priority raw; policy drop; };
      chain b { type nat hook postrouting priority srcnat; policy accept; };
      chain c { type route hook output priority mangle; policy accept; };
      chain d { type filter hook forward priority security; policy accept; comment "cc"; };
      chain e { type filter hook ingress device "lo" priority 0; policy accept; };
      chain f { };
    }; table bridge t { chain a { type filter hook forward priority filter; policy accept; }; };
    table netdev t { chain a { type filter hook egress device "lo" priority 5; policy accept; }; }`,
    make(tx) {
      table(tx)
      tx.chains.add({ ...t, name: 'a', type: 'filter', hook: 'prerouting', priority: 'raw', policy: 'drop' })
      tx.chains.add({ ...t, name: 'b', type: 'nat', hook: 'postrouting', priority: 'srcnat' })
      tx.chains.add({ ...t, name: 'c', type: 'route', hook: 'output', priority: 'mangle' })
      tx.chains.add({
        ...{ ...t, name: 'd', type: 'filter', hook: 'forward', priority: 'security', comment: 'cc' }
      })
      tx.chains.add({ ...t, name: 'e', type: 'filter', hook: 'ingress', priority: 0, device: 'lo' })
      tx.chains.add({ ...t, name: 'f' })
      tx.tables.add({ family: 'bridge', name: 't' })
      tx.chains.add({
        ...{ family: 'bridge', table: 't', name: 'a', type: 'filter', hook: 'forward', priority: 'filter' }
      })
      tx.tables.add({ family: 'netdev', name: 't' })
      tx.chains.add({
        ...{ family: 'netdev', table: 't', name: 'a', type: 'filter', hook: 'egress', priority: 5 },
        device: 'lo'
      })
    }
  },
  {
    name: 'a set of addresses, with comments',
    nft: `table inet t { set s { type ipv4_addr; comment "sc"; size 100;
      elements = { 10.0.0.1 comment "first", 10.0.0.2 } }; }`,
    make(tx) {
      table(tx)
      tx.sets.add({ ...t, name: 's', key: 'ipv4_addr', comment: 'sc', size: 100 })
      tx.elements.add({ ...t, name: 's' }, [{ key: '10.0.0.1', comment: 'first' }, '10.0.0.2'])
    }
  },
  {
    name: 'a set of prefixes and intervals',
    nft: `table inet t { set s { type ipv4_addr; flags interval; auto-merge; policy memory;
      elements = { 10.0.0.0/8, 12.0.0.0-12.0.0.5, 192.168.0.1, 255.255.255.255 } };
      set z { type ipv6_addr; flags interval; elements = { fd00::/8, fe80::1-fe80::5, ::1 } }; }`,
    make(tx) {
      table(tx)
      tx.sets.add({ ...t, name: 's', key: 'ipv4_addr', interval: true, autoMerge: true, policy: 'memory' })
      tx.elements.add({ ...t, name: 's' }, [
        ...['10.0.0.0/8', '12.0.0.0-12.0.0.5', '192.168.0.1', '255.255.255.255']
      ])
      tx.sets.add({ ...t, name: 'z', key: 'ipv6_addr', interval: true })
      tx.elements.add({ ...t, name: 'z' }, ['fd00::/8', { from: 'fe80::1', to: 'fe80::5' }, '::1'])
    }
  },
  {
    name: 'sets of every plain type',
    nft: `table inet t {
      set a { type ether_addr; elements = { 00:11:22:33:44:55 } };
      set b { type inet_service; flags interval; elements = { 80-90, 443 } };
      set d { type mark; elements = { 1, 0x10 } };
      set e { type ifname; elements = { "eth0", "eth1" } };
      set f { type inet_proto; elements = { tcp, udp } };
      set g { type icmp_type; elements = { echo-request } };
      set h { type ct_state; elements = { established, new } };
      set i { type ether_type; elements = { arp } };
      set j { type icmpv6_type; elements = { nd-redirect } };
      set k { type uid; elements = { 1000 } };
      set l { type mark; flags interval; elements = { 1-5, 9 } };
      set m { type dscp; elements = { cs1, 3 } }; }`,
    make(tx) {
      table(tx)
      tx.sets.add({ ...t, name: 'a', key: 'ether_addr' })
      tx.elements.add({ ...t, name: 'a' }, ['00:11:22:33:44:55'])
      tx.sets.add({ ...t, name: 'b', key: 'inet_service', interval: true })
      tx.elements.add({ ...t, name: 'b' }, ['80-90', 443])
      tx.sets.add({ ...t, name: 'd', key: 'mark' })
      tx.elements.add({ ...t, name: 'd' }, [1, '0x10'])
      tx.sets.add({ ...t, name: 'e', key: 'ifname' })
      tx.elements.add({ ...t, name: 'e' }, ['eth0', 'eth1'])
      tx.sets.add({ ...t, name: 'f', key: 'inet_proto' })
      tx.elements.add({ ...t, name: 'f' }, ['tcp', 'udp'])
      tx.sets.add({ ...t, name: 'g', key: 'icmp_type' })
      tx.elements.add({ ...t, name: 'g' }, ['echo-request'])
      tx.sets.add({ ...t, name: 'h', key: 'ct_state' })
      tx.elements.add({ ...t, name: 'h' }, ['established', 'new'])
      tx.sets.add({ ...t, name: 'i', key: 'ether_type' })
      tx.elements.add({ ...t, name: 'i' }, ['arp'])
      tx.sets.add({ ...t, name: 'j', key: 'icmpv6_type' })
      tx.elements.add({ ...t, name: 'j' }, ['nd-redirect'])
      tx.sets.add({ ...t, name: 'k', key: 'uid' })
      tx.elements.add({ ...t, name: 'k' }, [1000])
      tx.sets.add({ ...t, name: 'l', key: 'mark', interval: true })
      tx.elements.add({ ...t, name: 'l' }, [{ from: 1, to: 5 }, 9])
      tx.sets.add({ ...t, name: 'm', key: 'dscp' })
      tx.elements.add({ ...t, name: 'm' }, ['cs1', 3])
    }
  },
  {
    name: 'concatenations, plain and of intervals',
    nft: `table inet t {
      set a { type ipv4_addr . inet_service; elements = { 10.0.0.1 . 80 } };
      set b { type ipv4_addr . inet_service; flags interval; elements = { 10.0.0.0/8 . 80-90, 1.2.3.4 . 443 } };
      set d { type ifname . ipv6_addr . inet_proto; elements = { "eth0" . fd00::1 . tcp } };
      chain c { ${base}; ip saddr . tcp dport @b drop; }; }`,
    make(tx) {
      table(tx)
      tx.sets.add({ ...t, name: 'a', key: ['ipv4_addr', 'inet_service'] })
      tx.elements.add({ ...t, name: 'a' }, [['10.0.0.1', 80]])
      tx.sets.add({ ...t, name: 'b', key: ['ipv4_addr', 'inet_service'], interval: true })
      tx.elements.add({ ...t, name: 'b' }, [
        ['10.0.0.0/8', '80-90'],
        ['1.2.3.4', 443]
      ])
      tx.sets.add({ ...t, name: 'd', key: ['ifname', 'ipv6_addr', 'inet_proto'] })
      tx.elements.add({ ...t, name: 'd' }, [['eth0', 'fd00::1', 'tcp']])
      chain(tx)
      tx.rules.add({ ...t, chain: 'c', expressions: [match(concat(ip.saddr, tcp.dport), '@b'), drop()] })
    }
  },
  {
    name: 'timeouts of a set',
    nft: `table inet t { set s { type ipv4_addr; flags timeout; timeout 1h; gc-interval 5s; };
      set z { type ipv4_addr; flags dynamic,timeout; size 65535; }; }`,
    make(tx) {
      table(tx)
      tx.sets.add({ ...t, name: 's', key: 'ipv4_addr', timeout: 3600, gcInterval: 5 })
      tx.sets.add({ ...t, name: 'z', key: 'ipv4_addr', timeout: 0, dynamic: true, size: 65535 })
    }
  },
  {
    name: 'elements that count',
    nft: `table inet t { set s { type ipv4_addr; counter; elements = { 10.0.0.1 counter packets 3 bytes 4 } }; }`,
    make(tx) {
      table(tx)
      tx.sets.add({ ...t, name: 's', key: 'ipv4_addr', expressions: [counter()] })
      tx.elements.add({ ...t, name: 's' }, [
        { key: '10.0.0.1', expressions: [counter({ packets: 3, bytes: 4 })] }
      ])
    }
  },
  {
    name: 'a set that rules fill',
    nft: `table inet t { set s { type ipv4_addr; flags dynamic,timeout; timeout 30s; size 1000; };
      set z { type ipv4_addr; flags dynamic; size 1000; };
      chain c { ${base}; add @s { ip saddr timeout 3s limit rate over 3/second } drop;
      update @s { ip saddr }; delete @s { ip saddr };
      add @z { ip saddr ct count over 20 } drop; }; }`,
    make(tx) {
      table(tx)
      tx.sets.add({ ...t, name: 's', key: 'ipv4_addr', dynamic: true, timeout: 30, size: 1000 })
      tx.sets.add({ ...t, name: 'z', key: 'ipv4_addr', dynamic: true, size: 1000 })
      chain(tx)
      const rule = { ...t, chain: 'c' }
      const over = limit({ rate: 3, over: true })
      tx.rules.add({
        ...rule,
        expressions: [addToSet('s', ip.saddr, { timeout: 3, expressions: [over] }), drop()]
      })
      tx.rules.add({ ...rule, expressions: [updateSet('s', ip.saddr)] })
      tx.rules.add({ ...rule, expressions: [nft.deleteFromSet('s', ip.saddr)] })
      const connections = nft.connectionLimit({ count: 20, over: true })
      tx.rules.add({
        ...rule,
        expressions: [addToSet('z', ip.saddr, { expressions: [connections] }), drop()]
      })
    }
  },
  {
    name: 'a map that rules fill',
    nft: `table inet t { map m { type ipv4_addr : mark; flags dynamic; size 1000; };
      chain c { ${base}; update @m { ip saddr : meta mark }; add @m { ip daddr : 7 }; }; }`,
    make(tx) {
      table(tx)
      tx.sets.add({ ...t, name: 'm', key: 'ipv4_addr', value: 'mark', dynamic: true, size: 1000 })
      chain(tx)
      tx.rules.add({
        ...{ ...t, chain: 'c' },
        expressions: [updateSet('m', ip.saddr, { value: { type: 'mark', of: meta.mark } })]
      })
      tx.rules.add({
        ...{ ...t, chain: 'c' },
        expressions: [addToSet('m', ip.daddr, { value: { type: 'mark', of: 7 } })]
      })
    }
  },
  {
    name: 'maps to verdicts, addresses, marks, and pairs',
    nft: `table inet t { chain d { };
      map a { type inet_service : verdict; elements = { 80 : accept, 81 : jump d, 82 : goto d, 83 : drop } };
      map b { type ipv4_addr : ipv4_addr; flags interval; elements = { 10.0.0.0/8 : 1.1.1.1, 11.0.0.0/8 : 2.2.2.2 } };
      map e { type ifname : mark; elements = { "eth0" : 5 } };
      map f { type inet_service : ipv4_addr . inet_service; elements = { 80 : 10.0.0.1 . 8080 } };
      map g { type ipv4_addr . inet_service : verdict; flags interval; elements = { 10.0.0.0/8 . 80 : drop } };
      map h { type mark : ipv4_addr . inet_service; flags interval; elements = { 1-5 : 1.2.3.4 . 80 } }; }`,
    make(tx) {
      table(tx)
      tx.chains.add({ ...t, name: 'd' })
      tx.sets.add({ ...t, name: 'a', key: 'inet_service', value: 'verdict' })
      tx.elements.add({ ...t, name: 'a' }, [
        { key: 80, value: 'accept' },
        { key: 81, value: { jump: 'd' } },
        { key: 82, value: { goto: 'd' } },
        { key: 83, value: 'drop' }
      ])
      tx.sets.add({ ...t, name: 'b', key: 'ipv4_addr', value: 'ipv4_addr', interval: true })
      tx.elements.add({ ...t, name: 'b' }, [
        { key: '10.0.0.0/8', value: '1.1.1.1' },
        { key: '11.0.0.0/8', value: '2.2.2.2' }
      ])
      tx.sets.add({ ...t, name: 'e', key: 'ifname', value: 'mark' })
      tx.elements.add({ ...t, name: 'e' }, [{ key: 'eth0', value: 5 }])
      tx.sets.add({ ...t, name: 'f', key: 'inet_service', value: ['ipv4_addr', 'inet_service'] })
      tx.elements.add({ ...t, name: 'f' }, [{ key: 80, value: ['10.0.0.1', 8080] }])
      tx.sets.add({ ...t, name: 'g', key: ['ipv4_addr', 'inet_service'], value: 'verdict', interval: true })
      tx.elements.add({ ...t, name: 'g' }, [{ key: ['10.0.0.0/8', 80], value: 'drop' }])
      tx.sets.add({ ...t, name: 'h', key: 'mark', value: ['ipv4_addr', 'inet_service'], interval: true })
      tx.elements.add({ ...t, name: 'h' }, [{ key: { from: 1, to: 5 }, value: ['1.2.3.4', 80] }])
    }
  },
  {
    name: 'rules that use sets and maps by name',
    nft: `table inet t { set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 } };
      set l { type mark; flags interval; elements = { 1-5 } };
      map v { type inet_service : verdict; elements = { 80 : accept } };
      map p { type inet_service : ipv4_addr . inet_service; elements = { 80 : 10.0.0.1 . 8080 } };
      map m { type ipv4_addr : mark; elements = { 10.0.0.1 : 5 } };
      chain c { ${base}; ip saddr @s drop; ip daddr != @s drop; meta mark @l drop; tcp dport vmap @v;
        meta mark set ip saddr map @m; };
      chain n { type nat hook prerouting priority -100; policy accept; dnat ip to tcp dport map @p; }; }`,
    make(tx) {
      table(tx)
      tx.sets.add({ ...t, name: 's', key: 'ipv4_addr', interval: true })
      tx.elements.add({ ...t, name: 's' }, ['10.0.0.0/8'])
      tx.sets.add({ ...t, name: 'l', key: 'mark', interval: true })
      tx.elements.add({ ...t, name: 'l' }, ['1-5'])
      tx.sets.add({ ...t, name: 'v', key: 'inet_service', value: 'verdict' })
      tx.elements.add({ ...t, name: 'v' }, [{ key: 80, value: 'accept' }])
      tx.sets.add({ ...t, name: 'p', key: 'inet_service', value: ['ipv4_addr', 'inet_service'] })
      tx.elements.add({ ...t, name: 'p' }, [{ key: 80, value: ['10.0.0.1', 8080] }])
      tx.sets.add({ ...t, name: 'm', key: 'ipv4_addr', value: 'mark' })
      tx.elements.add({ ...t, name: 'm' }, [{ key: '10.0.0.1', value: 5 }])
      chain(tx)
      tx.chains.add({ ...t, name: 'n', type: 'nat', hook: 'prerouting', priority: -100 })
      const c = { ...t, chain: 'c' }
      tx.rules.add({ ...c, expressions: [match(ip.saddr, '@s'), drop()] })
      tx.rules.add({ ...c, expressions: [match(ip.daddr, 'not in', nft.set('s')), drop()] })
      tx.rules.add({ ...c, expressions: [match(meta.mark, '@l'), drop()] })
      tx.rules.add({ ...c, expressions: [verdictMap(tcp.dport, '@v')] })
      tx.rules.add({ ...c, expressions: [nft.assign(meta.mark, map(ip.saddr, '@m'))] })
      tx.rules.add({
        ...{ ...t, chain: 'n' },
        expressions: [dnat({ family: 'ip', endpoint: map(tcp.dport, '@p') })]
      })
    }
  },
  {
    name: 'stateful objects, used by name and by map',
    nft: `table inet t { counter k { packets 3 bytes 4; comment "oc"; }; quota q { over 10 mbytes; };
      limit l { rate 10/second burst 7 packets; }; synproxy s { mss 1460; wscale 7; };
      ct helper h { type "ftp" protocol tcp; l3proto ip; };
      ct expectation e { protocol tcp; dport 9876; timeout 60s; size 12; l3proto ip; };
      map o { type ipv4_addr : counter; elements = { 1.1.1.1 : "k" } };
      chain c { ${base}; counter name "k"; quota name "q" drop; limit name "l";
        counter name ip saddr map @o; };
      chain f { type filter hook forward priority 0; policy accept; tcp dport 21 ct helper set "h"; }; }`,
    make(tx) {
      table(tx)
      tx.objects.add({ ...t, kind: 'counter', name: 'k', counter: { packets: 3, bytes: 4 }, comment: 'oc' })
      tx.objects.add({ ...t, kind: 'quota', name: 'q', quota: { bytes: 10 << 20, flags: ['over'] } })
      tx.objects.add({
        ...{ ...t, kind: 'limit', name: 'l', limit: { rate: 10, unit: 1, burst: 7, type: 'packets' } }
      })
      tx.objects.add({
        ...{ ...t, kind: 'synproxy', name: 's', synproxy: { mss: 1460, wscale: 7, flags: ['mss', 'wscale'] } }
      })
      tx.objects.add({
        ...{ ...t, kind: 'ct helper', name: 'h' },
        'ct helper': { name: 'ftp', l3protocol: 'ip', protocol: 'tcp' }
      })
      tx.objects.add({
        ...{ ...t, kind: 'ct expectation', name: 'e' },
        'ct expectation': {
          ...{ l3protocol: 'ip', protocol: 'tcp', destinationPort: 9876, timeout: 60_000, size: 12 }
        }
      })
      tx.sets.add({ ...t, name: 'o', key: 'ipv4_addr', object: 'counter' })
      tx.elements.add({ ...t, name: 'o' }, [{ key: '1.1.1.1', value: 'k' }])
      chain(tx)
      tx.chains.add({ ...t, name: 'f', type: 'filter', hook: 'forward', priority: 0 })
      const c = { ...t, chain: 'c' }
      tx.rules.add({ ...c, expressions: [counter('k')] })
      tx.rules.add({ ...c, expressions: [nft.quota('q'), drop()] })
      tx.rules.add({ ...c, expressions: [limit('l')] })
      tx.rules.add({ ...c, expressions: [nft.objectMap('counter', ip.saddr, '@o')] })
      tx.rules.add({
        ...{ ...t, chain: 'f' },
        expressions: [match(tcp.dport, 21), nft.object('ct helper', 'h')]
      })
    }
  },
  {
    name: 'a map of objects of a rule of its own',
    nft: `table inet t { counter k { packets 0 bytes 0; }; chain c { ${base};
      counter name ip saddr map { 1.1.1.1 : "k", 2.2.2.2 : "k" }; }; }`,
    make(tx) {
      table(tx)
      tx.objects.add({ ...t, kind: 'counter', name: 'k' })
      chain(tx)
      tx.rules.add({
        ...{ ...t, chain: 'c' },
        expressions: [
          nft.objectMap('counter', ip.saddr, [
            ['1.1.1.1', 'k'],
            ['2.2.2.2', 'k']
          ])
        ]
      })
    }
  },
  {
    name: 'a flowtable',
    nft: `table inet t { flowtable f { hook ingress priority 0; devices = { lo }; };
      chain c { type filter hook forward priority 0; policy accept; ct state established flow add @f; }; }`,
    make(tx) {
      table(tx)
      tx.flowtables.add({ ...t, name: 'f', devices: ['lo'] })
      tx.chains.add({ ...t, name: 'c', type: 'filter', hook: 'forward', priority: 0, policy: 'accept' })
      tx.rules.add({
        ...{ ...t, chain: 'c' },
        expressions: [match(ct.state, 'established'), nft.flowOffload('f')]
      })
    }
  },
  {
    name: 'the catch-all element',
    nft: `table inet t { map m { type ipv4_addr : verdict; elements = { 10.0.0.1 : accept, * : drop } };
      set s { type ipv6_addr; flags interval; elements = { fd00::/8, * } }; }`,
    make(tx) {
      table(tx)
      tx.sets.add({ ...t, name: 'm', key: 'ipv4_addr', value: 'verdict' })
      tx.elements.add({ ...t, name: 'm' }, [
        { key: '10.0.0.1', value: 'accept' },
        { key: '*', value: 'drop' }
      ])
      tx.sets.add({ ...t, name: 's', key: 'ipv6_addr', interval: true })
      tx.elements.add({ ...t, name: 's' }, ['fd00::/8', '*'])
    }
  },
  {
    name: 'a firewall of a host',
    nft: `table inet filter {
      set admins { type ipv4_addr; flags interval; elements = { 192.0.2.0/24 } };
      chain input { type filter hook input priority 0; policy drop;
        iifname "lo" accept; ct state vmap { established : accept, related : accept, invalid : drop };
        ip6 nexthdr icmpv6 icmpv6 type { nd-neighbor-solicit, nd-router-advert, nd-neighbor-advert } accept;
        icmp type echo-request limit rate 4/second accept;
        ip saddr @admins tcp dport 22 accept comment "ssh";
        tcp dport { 80, 443 } ct state new accept;
        counter reject with icmpx type admin-prohibited; }; }`,
    make(tx) {
      const f = { family: 'inet', table: 'filter' } as const
      tx.tables.add({ family: 'inet', name: 'filter' })
      tx.sets.add({ ...f, name: 'admins', key: 'ipv4_addr', interval: true })
      tx.elements.add({ ...f, name: 'admins' }, ['192.0.2.0/24'])
      tx.chains.add({ ...f, name: 'input', type: 'filter', hook: 'input', priority: 0, policy: 'drop' })
      const rule = { ...f, chain: 'input' }
      tx.rules.add({ ...rule, expressions: [match(meta.iifname, 'lo'), nft.accept()] })
      tx.rules.add({
        ...rule,
        expressions: [
          verdictMap(ct.state, [
            ['established', 'accept'],
            ['related', 'accept'],
            ['invalid', 'drop']
          ])
        ]
      })
      tx.rules.add({
        ...rule,
        expressions: [
          match(ip6.nexthdr, 'icmpv6'),
          match(nft.icmpv6.type, ['nd-neighbor-solicit', 'nd-router-advert', 'nd-neighbor-advert']),
          nft.accept()
        ]
      })
      tx.rules.add({
        ...rule,
        expressions: [match(nft.icmp.type, 'echo-request'), limit({ rate: 4 }), nft.accept()]
      })
      tx.rules.add({
        ...rule,
        expressions: [match(ip.saddr, '@admins'), match(tcp.dport, 22), nft.accept()],
        comment: 'ssh'
      })
      tx.rules.add({
        ...rule,
        expressions: [match(tcp.dport, [80, 443]), match(ct.state, 'new'), nft.accept()]
      })
      tx.rules.add({ ...rule, expressions: [counter(), nft.reject({ icmpx: 'admin-prohibited' })] })
    }
  }
]
