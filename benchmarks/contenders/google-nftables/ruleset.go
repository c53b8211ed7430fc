package main

import (
	"time"

	"github.com/google/nftables"
	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// One connection that stays, with buffers for large transactions.
func connect() (*nftables.Conn, error) {
	large := func(conn *netlink.Conn) error {
		if err := conn.SetReadBuffer(64 << 20); err != nil {
			return err
		}
		return conn.SetWriteBuffer(64 << 20)
	}
	return nftables.New(nftables.AsLasting(), nftables.WithSockOptions(large))
}

func addressOf(i int) []byte {
	return []byte{10, byte(i >> 16), byte(i >> 8), byte(i)}
}

// ip saddr ADDRESS tcp dport 80 counter accept
func rule(table *nftables.Table, chain *nftables.Chain, i int) *nftables.Rule {
	return &nftables.Rule{Table: table, Chain: chain, Exprs: []expr.Any{
		&expr.Meta{Key: expr.MetaKeyNFPROTO, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{unix.NFPROTO_IPV4}},
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: 12, Len: 4},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: addressOf(i)},
		&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{unix.IPPROTO_TCP}},
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 2, Len: 2},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: binaryutil.BigEndian.PutUint16(80)},
		&expr.Counter{},
		&expr.Verdict{Kind: expr.VerdictAccept},
	}}
}

func addChain(conn *nftables.Conn) (*nftables.Table, *nftables.Chain) {
	table := conn.AddTable(&nftables.Table{Family: nftables.TableFamilyINet, Name: "bench"})
	return table, conn.AddChain(&nftables.Chain{
		Name: "c", Table: table, Type: nftables.ChainTypeFilter,
		Hooknum: nftables.ChainHookForward, Priority: nftables.ChainPriorityFilter,
	})
}

func addRule(given arguments, result *report) error {
	count, err := given.number("count")
	if err != nil {
		return err
	}
	conn, err := connect()
	if err != nil {
		return err
	}
	table, chain := addChain(conn)
	if err := conn.Flush(); err != nil {
		return err
	}
	samples := result.samples("rule", count)
	result.Count = count
	return result.measure(func() error {
		for i := range samples {
			start := time.Now()
			conn.AddRule(rule(table, chain, i))
			if err := conn.Flush(); err != nil {
				return err
			}
			samples[i] = microseconds(start)
		}
		return nil
	})
}

// Measures one transaction of `count` things.
func commit(given arguments, result *report, fill func(conn *nftables.Conn, count int) error) error {
	count, err := given.number("count")
	if err != nil {
		return err
	}
	result.Count = count
	return result.measure(func() error {
		start := time.Now()
		conn, err := connect()
		if err != nil {
			return err
		}
		if err := fill(conn, count); err != nil {
			return err
		}
		if err := conn.Flush(); err != nil {
			return err
		}
		result.since("commit", start)
		return nil
	})
}

func addRules(given arguments, result *report) error {
	return commit(given, result, func(conn *nftables.Conn, count int) error {
		table, chain := addChain(conn)
		for i := 0; i < count; i++ {
			conn.AddRule(rule(table, chain, i))
		}
		return nil
	})
}

// So many elements fit in one attribute, whose length has 16 bits.
const elementsOfMessage = 1000

func addElements(conn *nftables.Conn, set *nftables.Set, count int, element func(i int) nftables.SetElement) error {
	if err := conn.AddSet(set, nil); err != nil {
		return err
	}
	for from := 0; from < count; from += elementsOfMessage {
		to := min(from+elementsOfMessage, count)
		elements := make([]nftables.SetElement, 0, to-from)
		for i := from; i < to; i++ {
			elements = append(elements, element(i))
		}
		if err := conn.SetAddElements(set, elements); err != nil {
			return err
		}
	}
	return nil
}

func addSet(given arguments, result *report) error {
	return commit(given, result, func(conn *nftables.Conn, count int) error {
		table := conn.AddTable(&nftables.Table{Family: nftables.TableFamilyINet, Name: "bench"})
		set := &nftables.Set{Table: table, Name: "s", KeyType: nftables.TypeIPAddr}
		return addElements(conn, set, count, func(i int) nftables.SetElement {
			return nftables.SetElement{Key: addressOf(i)}
		})
	})
}

func addMap(given arguments, result *report) error {
	return commit(given, result, func(conn *nftables.Conn, count int) error {
		table := conn.AddTable(&nftables.Table{Family: nftables.TableFamilyIPv4, Name: "bench"})
		value, err := nftables.ConcatSetType(nftables.TypeIPAddr, nftables.TypeInetService)
		if err != nil {
			return err
		}
		set := &nftables.Set{Table: table, Name: "m", IsMap: true, KeyType: nftables.TypeInetService, DataType: value}
		err = addElements(conn, set, count, func(i int) nftables.SetElement {
			target := append([]byte{10, 0, byte(i >> 8), byte(i)}, 0, 80, 0, 0)
			return nftables.SetElement{Key: binaryutil.BigEndian.PutUint16(uint16(i + 1)), Val: target}
		})
		if err != nil {
			return err
		}
		chain := conn.AddChain(&nftables.Chain{
			Name: "c", Table: table, Type: nftables.ChainTypeNAT,
			Hooknum: nftables.ChainHookPrerouting, Priority: nftables.ChainPriorityNATDest,
		})
		conn.AddRule(&nftables.Rule{Table: table, Chain: chain, Exprs: []expr.Any{
			&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1},
			&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{unix.IPPROTO_TCP}},
			&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 2, Len: 2},
			&expr.Lookup{SourceRegister: 1, DestRegister: 1, IsDestRegSet: true, SetName: set.Name, SetID: set.ID},
			&expr.NAT{Type: expr.NATTypeDestNAT, Family: unix.NFPROTO_IPV4, RegAddrMin: 1, RegProtoMin: 9, Specified: true},
		}})
		return nil
	})
}

// The rule set is there already: all of it is read and kept.
func list(_ arguments, result *report) error {
	return result.measure(func() error {
		start := time.Now()
		conn, err := connect()
		if err != nil {
			return err
		}
		tables, err := conn.ListTables()
		if err != nil {
			return err
		}
		chains, err := conn.ListChains()
		if err != nil {
			return err
		}
		for _, chain := range chains {
			rules, err := conn.GetRules(chain.Table, chain)
			if err != nil {
				return err
			}
			result.Count += len(rules)
		}
		for _, table := range tables {
			sets, err := conn.GetSets(table)
			if err != nil {
				return err
			}
			for _, set := range sets {
				if _, err := conn.GetSetElements(set); err != nil {
					return err
				}
			}
		}
		result.since("list", start)
		return nil
	})
}
