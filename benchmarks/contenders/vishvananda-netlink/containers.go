package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

var router = net.IPv4(10, 255, 0, 1).To4()

// Makes a named namespace. Returns it and a handle in it.
func createNamespace(name string) (netns.NsHandle, *netlink.Handle, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own, err := netns.Get()
	if err != nil {
		return netns.None(), nil, err
	}
	defer own.Close()
	namespace, err := netns.NewNamed(name)
	if err != nil {
		return netns.None(), nil, err
	}
	handle, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	return namespace, handle, errors.Join(err, netns.Set(own))
}

func configureInside(handle *netlink.Handle, address *net.IPNet) error {
	links, err := findLinks(handle, []string{"lo", "eth0"})
	if err != nil {
		return err
	}
	for _, link := range links {
		if err := handle.LinkSetUp(link); err != nil {
			return err
		}
	}
	eth0 := links[1].Attrs().Index
	if err := handle.AddrAdd(links[1], &netlink.Addr{IPNet: address}); err != nil {
		return err
	}
	err = handle.RouteAdd(&netlink.Route{
		LinkIndex: eth0,
		Scope:     netlink.SCOPE_LINK,
		Dst:       &net.IPNet{IP: router, Mask: net.CIDRMask(32, 32)},
	})
	if err != nil {
		return err
	}
	return handle.RouteAdd(&netlink.Route{LinkIndex: eth0, Gw: router})
}

func addContainer(outside *netlink.Handle, i int) error {
	address := hostAddress(10, 100, i)
	namespace, inside, err := createNamespace(fmt.Sprintf("c%d", i))
	if err != nil {
		return err
	}
	defer namespace.Close()
	defer inside.Close()
	pair := newPair(fmt.Sprintf("h%d", i), "eth0", namespace)
	if err := outside.LinkAdd(pair); err != nil {
		return err
	}
	err = outside.RouteAdd(&netlink.Route{
		LinkIndex: pair.Attrs().Index,
		Scope:     netlink.SCOPE_LINK,
		Dst:       address,
	})
	if err != nil {
		return err
	}
	return configureInside(inside, address)
}

// Waits until neither the first end nor the name of the namespace is there.
func awaitGone(socket int, i int) error {
	request, err := unix.NewIfreq(fmt.Sprintf("h%d", i))
	if err != nil {
		return err
	}
	path := fmt.Sprintf("/run/netns/c%d", i)
	for start := time.Now(); time.Since(start) < time.Minute; time.Sleep(500 * time.Microsecond) {
		_, gone := os.Stat(path)
		if unix.IoctlIfreq(socket, unix.SIOCGIFINDEX, request) == unix.ENODEV && os.IsNotExist(gone) {
			return nil
		}
	}
	return fmt.Errorf("container %d doesn't go away", i)
}

func containers(given arguments, result *report) error {
	count, err := given.number("count")
	if err != nil {
		return err
	}
	concurrency, err := given.number("concurrency")
	if err != nil {
		return err
	}
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	added := result.samples("add", count)
	removed := result.samples("remove", count)
	gone := result.samples("gone", count)
	add := func(outside *netlink.Handle) func(i int) error {
		return func(i int) error {
			start := time.Now()
			err := addContainer(outside, i)
			added[i] = microseconds(start)
			return err
		}
	}
	// The pair goes with the namespace, later. To delete it first takes as long, and would be waited for.
	remove := func(i int) error {
		start := time.Now()
		if err := netns.DeleteNamed(fmt.Sprintf("c%d", i)); err != nil {
			return err
		}
		removed[i] = microseconds(start)
		err := awaitGone(socket, i)
		gone[i] = microseconds(start)
		return err
	}
	return result.measure(func() error {
		outside, err := netlink.NewHandle(unix.NETLINK_ROUTE)
		if err != nil {
			return err
		}
		defer outside.Close()
		if err := inParallel(count, concurrency, add(outside)); err != nil {
			return err
		}
		result.Count = count
		return inParallel(count, concurrency, remove)
	})
}
