// netavark, as Podman calls it: a process with the network and the container as JSON on its standard input.
// Whoever calls it chooses the address.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../measure/daemons.h"
#include "../../measure/measure.h"
#include "../../measure/networks.h"
#include "../iproute2-batch/ip.h"
#include "../iproute2-batch/iptables.h"

static const char kProgram[] = "/usr/lib/podman/netavark";
static const char kNameServer[] = "/usr/lib/podman/aardvark-dns";
static const char* directory;
// Whether aardvark-dns serves the names of the network, of which netavark starts one.
static const bool kNamed = NAMED;

static void call(const char* command, const struct sandbox* sandbox) {
  FILE* input = open_batch();
  fprintf(input, "{\"container_id\":\"%064lx\",\"container_name\":\"%s\",\"port_mappings\":[",
          strtol(sandbox->name + 1, NULL, 10) + 1, sandbox->name);
  if (sandbox->ports > 0) {
    fprintf(input,
            "{\"container_port\":%ld,\"host_ip\":\"\",\"host_port\":%ld,\"protocol\":\"tcp\",\"range\":%ld}",
            sandbox->container_port, sandbox->host_port, sandbox->ports);
  }
  fprintf(input,
          "],\"networks\":{\"bench\":{\"static_ips\":[\"%s\"],\"interface_name\":\"eth0\"}},"
          "\"network_info\":{\"bench\":{\"name\":\"bench\",\"id\":\"%064x\",\"driver\":\"bridge\","
          "\"network_interface\":\"" BRIDGE "\",\"subnets\":[{\"subnet\":\"" SUBNET
          "\",\"gateway\":\"" GATEWAY
          "\"}],\"ipv6_enabled\":false,\"internal\":false,\"dns_enabled\":%s,"
          "\"ipam_options\":{\"driver\":\"host-local\"}}}}",
          sandbox->address, 0xbe9c, kNamed ? "true" : "false");
  run_batch(input,
            WORDS(kProgram, "--config", directory, "--aardvark-binary", kNameServer, command, sandbox->path));
}

static void set_up(const struct sandbox* sandbox) {
  call("setup", sandbox);
}

static void tear_down(const struct sandbox* sandbox) {
  call("teardown", sandbox);
}

static void network_connect(void) {
  // Otherwise it asks D-Bus for firewalld each time.
  setenv("NETAVARK_FW", "iptables", 1);
  directory = make_state_directory();
  if (kNamed) adopt_daemons();
  measure_networks(set_up, tear_down);
}

// What a program says of itself: its name, and then its version.
static const char* version_of(const char* program) {
  size_t length;
  char* output = output_of(WORDS(program, "--version"), &length);
  static char word[64];
  if (sscanf(output, "%*s %63s", word) != 1) fail("%s --version tells no version", program);
  free(output);
  return word;
}

static const char* version(void) {
  static char both[128];
  snprintf(both, sizeof both, "%s", version_of(kProgram));
  if (kNamed) {
    const size_t length = strlen(both);
    snprintf(both + length, sizeof both - length, ", aardvark-dns %s", version_of(kNameServer));
  }
  return with_iptables(both);
}

int main(int argc, char** argv) {
  static const struct operation operations[] = {{"network-connect", network_connect}, {NULL, NULL}};
  return contend(argc, argv, version, operations);
}
