// Measures vishvananda/netlink after the protocol in benchmarks/README.md. The library has no batching: each
// request is sent and its answer awaited.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
)

var operations = map[string]func(arguments, *report) error{
	"routes-add":          routesAdd,
	"routes-delete":       routesDelete,
	"routes-list":         routesList,
	"routes-stream":       routesStream,
	"routes-table":        routesTable,
	"route-add":           routeAdd,
	"veth-add":            vethAdd,
	"veth-delete":         vethDelete,
	"link-get":            linkGet,
	"link-get-concurrent": linkGetConcurrent,
	"container":           containers,
}

func main() {
	if err := contend(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func contend(words []string) error {
	if len(words) == 0 {
		return fmt.Errorf("usage: contender OPERATION [KEY=VALUE...]")
	}
	if words[0] == "version" {
		return printJSON(map[string]string{"version": version()})
	}
	operation, known := operations[words[0]]
	if !known {
		return fmt.Errorf("unknown operation %s", words[0])
	}
	given, err := parseArguments(words[1:])
	if err != nil {
		return err
	}
	result := newReport()
	if err := operation(given, result); err != nil {
		return err
	}
	if result.RSS, err = peakKiB(); err != nil {
		return err
	}
	return printJSON(result)
}

func printJSON(value any) error {
	return json.NewEncoder(os.Stdout).Encode(value)
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "github.com/vishvananda/netlink" {
				return module.Version
			}
		}
	}
	return "unknown"
}
