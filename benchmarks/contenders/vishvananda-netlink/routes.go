package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// A family's routes: where number i goes, and by which gateway.
type routing struct {
	family      int
	gateway     net.IP
	destination func(i int) *net.IPNet
}

var families = map[string]routing{
	"inet":  {netlink.FAMILY_V4, net.IPv4(10, 255, 0, 2).To4(), destination4},
	"inet6": {netlink.FAMILY_V6, net.ParseIP("fd00:ffff::2"), destination6},
}

func destination4(i int) *net.IPNet {
	ip := make(net.IP, 4)
	binary.BigEndian.PutUint32(ip, 16<<24+uint32(i)<<8)
	return &net.IPNet{IP: ip, Mask: net.CIDRMask(24, 32)}
}

func destination6(i int) *net.IPNet {
	ip := make(net.IP, 16)
	copy(ip, []byte{0x20, 0x01, 0x0d, 0xb8})
	binary.BigEndian.PutUint32(ip[4:], uint32(i))
	return &net.IPNet{IP: ip, Mask: net.CIDRMask(64, 128)}
}

func (a arguments) routing() (routing, error) {
	family, err := a.text("family")
	if err != nil {
		return routing{}, err
	}
	found, known := families[family]
	if !known {
		return routing{}, fmt.Errorf("family=%s is neither inet nor inet6", family)
	}
	return found, nil
}

func (r routing) destinations(count int) []*net.IPNet {
	list := make([]*net.IPNet, count)
	for i := range list {
		list[i] = r.destination(i)
	}
	return list
}

// A handle in this namespace, with the index of wire0.
func openWithWire() (*netlink.Handle, int, error) {
	handle, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return nil, 0, err
	}
	wire, err := handle.LinkByName("wire0")
	if err != nil {
		handle.Close()
		return nil, 0, err
	}
	return handle, wire.Attrs().Index, nil
}

func changeRoutes(
	given arguments, result *report, part string, change func(*netlink.Handle, *netlink.Route) error,
) error {
	of, err := given.routing()
	if err != nil {
		return err
	}
	count, err := given.number("count")
	if err != nil {
		return err
	}
	destinations := of.destinations(count)
	return result.measure(func() error {
		start := time.Now()
		handle, wire, err := openWithWire()
		if err != nil {
			return err
		}
		defer handle.Close()
		for _, destination := range destinations {
			route := netlink.Route{LinkIndex: wire, Dst: destination, Gw: of.gateway}
			if err := change(handle, &route); err != nil {
				return fmt.Errorf("%s: %w", destination, err)
			}
			result.Count++
		}
		result.since(part, start)
		return nil
	})
}

func routesAdd(given arguments, result *report) error {
	return changeRoutes(given, result, "add", (*netlink.Handle).RouteAdd)
}

func routesDelete(given arguments, result *report) error {
	return changeRoutes(given, result, "delete", (*netlink.Handle).RouteDel)
}

func routeAdd(given arguments, result *report) error {
	count, err := given.number("count")
	if err != nil {
		return err
	}
	of := families["inet"]
	destinations := of.destinations(count)
	samples := result.samples("add", count)
	return result.measure(func() error {
		handle, wire, err := openWithWire()
		if err != nil {
			return err
		}
		defer handle.Close()
		for i, destination := range destinations {
			start := time.Now()
			route := netlink.Route{LinkIndex: wire, Dst: destination, Gw: of.gateway}
			if err := handle.RouteAdd(&route); err != nil {
				return fmt.Errorf("%s: %w", destination, err)
			}
			samples[i] = microseconds(start)
			result.Count++
		}
		return nil
	})
}

// A handle whose dumps the kernel filters.
func openStrict() (*netlink.Handle, error) {
	handle, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return nil, err
	}
	if err := handle.SetStrictCheck(true); err != nil {
		handle.Close()
		return nil, err
	}
	return handle, nil
}

func tableFilter(table int) *netlink.Route {
	return &netlink.Route{Table: table}
}

func routesList(given arguments, result *report) error {
	of, err := given.routing()
	if err != nil {
		return err
	}
	var routes []netlink.Route
	err = result.measure(func() error {
		start := time.Now()
		handle, err := openStrict()
		if err != nil {
			return err
		}
		defer handle.Close()
		routes, err = handle.RouteListFiltered(
			of.family, tableFilter(unix.RT_TABLE_MAIN), netlink.RT_FILTER_TABLE)
		result.since("list", start)
		return err
	})
	for _, route := range routes {
		if route.Gw.Equal(of.gateway) {
			result.Count++
		}
	}
	return err
}

func routesStream(given arguments, result *report) error {
	of, err := given.routing()
	if err != nil {
		return err
	}
	return result.measure(func() error {
		start := time.Now()
		handle, err := openStrict()
		if err != nil {
			return err
		}
		defer handle.Close()
		look := func(route netlink.Route) bool {
			if route.Dst != nil && route.Gw.Equal(of.gateway) {
				result.Count++
			}
			return true
		}
		err = handle.RouteListFilteredIter(
			of.family, tableFilter(unix.RT_TABLE_MAIN), netlink.RT_FILTER_TABLE, look)
		result.since("stream", start)
		return err
	})
}

func routesTable(given arguments, result *report) error {
	of, err := given.routing()
	if err != nil {
		return err
	}
	table, err := given.number("table")
	if err != nil {
		return err
	}
	repeat, err := given.number("repeat")
	if err != nil {
		return err
	}
	samples := result.samples("table", repeat)
	return result.measure(func() error {
		handle, err := openStrict()
		if err != nil {
			return err
		}
		defer handle.Close()
		for i := range samples {
			start := time.Now()
			routes, err := handle.RouteListFiltered(of.family, tableFilter(table), netlink.RT_FILTER_TABLE)
			if err != nil {
				return err
			}
			samples[i] = microseconds(start)
			result.Count += len(routes)
		}
		return nil
	})
}
