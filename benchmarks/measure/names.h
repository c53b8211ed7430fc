// The names of two sandboxes on a bridge network, for contenders that are servers at the address of the
// bridge.
#ifndef NETLOOM_BENCHMARKS_NAMES_H
#define NETLOOM_BENCHMARKS_NAMES_H

#include "networks.h"

// The names and the addresses of the sandboxes, of which the second one asks.
#define NAMED "s0"
#define NAMED_ADDRESS "10.88.0.2"
#define ASKING "s1"
#define ASKING_ADDRESS "10.88.0.3"

// Makes the bridge and connects both.
void connect_named(void);

// Serves until the standard input ends: starts a program, by its words, and has its time on the processor
// counted.
void serve_names(const char* const words[]);

// The servers of `upstreams=`, one after the other; null after the last one.
const char* next_upstream(void);

#endif
