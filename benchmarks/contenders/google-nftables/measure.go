package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// What the runner reads.
type report struct {
	Seconds map[string]float64   `json:"seconds"`
	Samples map[string][]float64 `json:"samples"`
	Count   int                  `json:"count"`
	CPU     float64              `json:"cpu"`
	RSS     int64                `json:"rss"`
}

func newReport() *report {
	return &report{Seconds: map[string]float64{}, Samples: map[string][]float64{}}
}

// Adds a part's samples, to be filled in.
func (r *report) samples(part string, count int) []float64 {
	r.Samples[part] = make([]float64, count)
	return r.Samples[part]
}

// Performs the measured part.
func (r *report) measure(perform func() error) error {
	before := cpuSeconds()
	err := perform()
	r.CPU = cpuSeconds() - before
	return err
}

func (r *report) since(part string, start time.Time) {
	r.Seconds[part] = time.Since(start).Seconds()
}

func microseconds(start time.Time) float64 {
	return float64(time.Since(start).Nanoseconds()) / 1e3
}

func cpuSeconds() float64 {
	seconds := 0.0
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var usage unix.Rusage
		if unix.Getrusage(who, &usage) == nil {
			seconds += float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
		}
	}
	return seconds
}

// ru_maxrss of the process itself survives exec, so it can be that of the runner. VmHWM begins anew.
func peakKiB() (int64, error) {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), "VmHWM:"); found {
			return strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		}
	}
	return 0, fmt.Errorf("/proc/self/status has no VmHWM")
}

// The KEY=VALUE that an operation is given.
type arguments map[string]string

func parseArguments(words []string) (arguments, error) {
	given := arguments{}
	for _, word := range words {
		key, value, found := strings.Cut(word, "=")
		if !found {
			return nil, fmt.Errorf("%s is not KEY=VALUE", word)
		}
		given[key] = value
	}
	return given, nil
}

func (a arguments) text(key string) (string, error) {
	value, found := a[key]
	if !found {
		return "", fmt.Errorf("%s= is missing", key)
	}
	return value, nil
}

func (a arguments) number(key string) (int, error) {
	value, err := a.text(key)
	if err != nil {
		return 0, err
	}
	number, err := strconv.ParseUint(value, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%s=%s is no number", key, value)
	}
	return int(number), nil
}
