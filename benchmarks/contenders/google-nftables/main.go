// Measures google/nftables after the protocol in benchmarks/README.md: changes are queued, and `Flush` makes them
// in one transaction, over one lasting connection.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
)

var operations = map[string]func(arguments, *report) error{
	"nft-rule":  addRule,
	"nft-rules": addRules,
	"nft-set":   addSet,
	"nft-map":   addMap,
	"nft-list":  list,
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
			if module.Path == "github.com/google/nftables" {
				return module.Version
			}
		}
	}
	return "unknown"
}
