// Sandboxes that are connected to a network and disconnected, for contenders that start programs for it.
#ifndef NETLOOM_BENCHMARKS_NETWORKS_H
#define NETLOOM_BENCHMARKS_NETWORKS_H

// The bridge, and the subnet, of which the first address is the bridge's.
#define BRIDGE "bench0"
#define SUBNET "10.88.0.0/16"
#define GATEWAY "10.88.0.1"

// A sandbox: one of the namespaces that there are already, and what it gets in the network.
struct sandbox {
  char name[16];
  char path[32];
  char address[16];
  // Its TCP ports from `container_port` on are published as those from `host_port` on.
  long ports, host_port, container_port;
};

// Measures how long it takes to connect a sandbox and to disconnect it, as benchmarks/README.md says.
void measure_networks(void (*connect)(const struct sandbox* sandbox),
                      void (*disconnect)(const struct sandbox* sandbox));

// The one that is connected and disconnected.
struct sandbox measured_sandbox(void);

// Makes a directory for what must be remembered. It goes with the runner's own /run.
const char* make_state_directory(void);

#endif
