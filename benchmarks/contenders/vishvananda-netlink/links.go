package main

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// A pair whose first end is up, with its second end in a namespace.
func newPair(name, peer string, namespace netns.NsHandle) *netlink.Veth {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = name
	attributes.Flags = net.FlagUp
	veth := netlink.NewVeth(attributes)
	veth.PeerName = peer
	veth.PeerNamespace = netlink.NsFd(int(namespace))
	return veth
}

// The links whose names are in a list, in its order, from one dump.
func findLinks(handle *netlink.Handle, names []string) ([]netlink.Link, error) {
	links, err := handle.LinkList()
	if err != nil {
		return nil, err
	}
	byName := make(map[string]netlink.Link, len(links))
	for _, link := range links {
		byName[link.Attrs().Name] = link
	}
	found := make([]netlink.Link, len(names))
	for i, name := range names {
		if found[i] = byName[name]; found[i] == nil {
			return nil, fmt.Errorf("there is no %s", name)
		}
	}
	return found, nil
}

func numbered(prefix string, count int) []string {
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf("%s%d", prefix, i)
	}
	return names
}

func hostAddress(a, b byte, i int) *net.IPNet {
	return &net.IPNet{IP: net.IP{a, b, byte(i >> 8), byte(i)}, Mask: net.CIDRMask(32, 32)}
}

func createPairs(names, peers []string, namespace netns.NsHandle, result *report) error {
	handle, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer handle.Close()
	for i, name := range names {
		if err := handle.LinkAdd(newPair(name, peers[i], namespace)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		result.Count++
	}
	return nil
}

func configureEnds(names []string, namespace netns.NsHandle) error {
	handle, err := netlink.NewHandleAt(namespace, unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer handle.Close()
	links, err := findLinks(handle, names)
	if err != nil {
		return err
	}
	for i, link := range links {
		if err := handle.LinkSetUp(link); err != nil {
			return fmt.Errorf("%s: %w", names[i], err)
		}
		if err := handle.AddrAdd(link, &netlink.Addr{IPNet: hostAddress(10, 200, i)}); err != nil {
			return fmt.Errorf("%s: %w", names[i], err)
		}
	}
	return nil
}

func vethAdd(given arguments, result *report) error {
	count, err := given.number("count")
	if err != nil {
		return err
	}
	path, err := given.text("namespace")
	if err != nil {
		return err
	}
	names, peers := numbered("v", count), numbered("p", count)
	return result.measure(func() error {
		start := time.Now()
		namespace, err := netns.GetFromPath(path)
		if err != nil {
			return err
		}
		defer namespace.Close()
		if err := createPairs(names, peers, namespace, result); err != nil {
			return err
		}
		result.since("create", start)
		start = time.Now()
		err = configureEnds(peers, namespace)
		result.since("configure", start)
		return err
	})
}

func vethDelete(given arguments, result *report) error {
	count, err := given.number("count")
	if err != nil {
		return err
	}
	names := numbered("v", count)
	return result.measure(func() error {
		start := time.Now()
		handle, err := netlink.NewHandle(unix.NETLINK_ROUTE)
		if err != nil {
			return err
		}
		defer handle.Close()
		links, err := findLinks(handle, names)
		if err != nil {
			return err
		}
		for i, link := range links {
			if err := handle.LinkDel(link); err != nil {
				return fmt.Errorf("%s: %w", names[i], err)
			}
			result.Count++
		}
		result.since("delete", start)
		return nil
	})
}

func linkGet(given arguments, result *report) error {
	count, err := given.number("count")
	if err != nil {
		return err
	}
	samples := result.samples("get", count)
	return result.measure(func() error {
		handle, err := netlink.NewHandle(unix.NETLINK_ROUTE)
		if err != nil {
			return err
		}
		defer handle.Close()
		for i := range samples {
			start := time.Now()
			if _, err := handle.LinkByName("wire0"); err != nil {
				return err
			}
			samples[i] = microseconds(start)
			result.Count++
		}
		return nil
	})
}

// Performs for 0 to count - 1 on so many goroutines, each of which takes the next that is left.
func inParallel(count, concurrency int, perform func(i int) error) error {
	if concurrency < 1 {
		return fmt.Errorf("concurrency=%d is less than 1", concurrency)
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	failures := make(chan error, concurrency)
	for range concurrency {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for i := int(next.Add(1)) - 1; i < count; i = int(next.Add(1)) - 1 {
				if err := perform(i); err != nil {
					failures <- err
					return
				}
			}
		}()
	}
	workers.Wait()
	close(failures)
	return <-failures
}

// The goroutines share one handle, which lets one of them at a time use its socket.
func linkGetConcurrent(given arguments, result *report) error {
	count, err := given.number("count")
	if err != nil {
		return err
	}
	concurrency, err := given.number("concurrency")
	if err != nil {
		return err
	}
	return result.measure(func() error {
		start := time.Now()
		handle, err := netlink.NewHandle(unix.NETLINK_ROUTE)
		if err != nil {
			return err
		}
		defer handle.Close()
		err = inParallel(count, concurrency, func(int) error {
			_, err := handle.LinkByName("wire0")
			return err
		})
		result.since("get", start)
		result.Count = count
		return err
	})
}
