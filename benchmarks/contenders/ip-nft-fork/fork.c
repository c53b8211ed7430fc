// `ip` and `nft`, a process for each step, as a script has it that knows what it wants: nothing is looked up,
// no address is chosen, nothing is remembered. Ports are elements of maps, so that rules don't grow.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../measure/measure.h"
#include "../../measure/networks.h"
#include "../iproute2-batch/ip.h"

static const char kTable[] =
    "table inet bench {\n"
    "  map ports { type inet_service : ipv4_addr . inet_service; }\n"
    "  set open { type ipv4_addr . inet_service; }\n"
    "  chain prerouting {\n"
    "    type nat hook prerouting priority -100;\n"
    "    fib daddr type local dnat ip to tcp dport map @ports\n"
    "  }\n"
    "  chain output {\n"
    "    type nat hook output priority -100;\n"
    "    fib daddr type local dnat ip to tcp dport map @ports\n"
    "  }\n"
    "  chain postrouting {\n"
    "    type nat hook postrouting priority 100;\n"
    "    ip saddr " SUBNET " oifname != \"" BRIDGE
    "\" masquerade\n"
    "  }\n"
    "  chain forward {\n"
    "    type filter hook forward priority 0;\n"
    "    oifname != \"" BRIDGE
    "\" accept\n"
    "    iifname \"" BRIDGE
    "\" accept\n"
    "    ct state established,related accept\n"
    "    ip daddr . tcp dport @open accept\n"
    "    drop\n"
    "  }\n"
    "}\n";

// The host's end.
static struct word outer(const struct sandbox* sandbox) {
  struct word link;
  snprintf(link.text, sizeof link.text, "h-%s", sandbox->name);
  return link;
}

static void change_ports(const char* command, const struct sandbox* sandbox) {
  if (sandbox->ports == 0) return;
  const int adds = strcmp(command, "add") == 0;
  FILE* script = open_batch();
  fprintf(script, "%s element inet bench ports {", command);
  for (long i = 0; i < sandbox->ports; ++i) {
    fprintf(script, "%s%ld", i == 0 ? " " : ", ", sandbox->host_port + i);
    if (adds) fprintf(script, " : %s . %ld", sandbox->address, sandbox->container_port + i);
  }
  fprintf(script, " }\n%s element inet bench open {", command);
  for (long i = 0; i < sandbox->ports; ++i) {
    fprintf(script, "%s%s . %ld", i == 0 ? " " : ", ", sandbox->address, sandbox->container_port + i);
  }
  fputs(" }\n", script);
  run_batch(script, WORDS("nft", "-f", "-"));
}

static void connect_one(const struct sandbox* sandbox) {
  const struct word link = outer(sandbox);
  char address[32];
  snprintf(address, sizeof address, "%s/16", sandbox->address);
  run(WORDS("ip", "link", "add", link.text, "up", "master", BRIDGE, "type", "veth", "peer", "name", "eth0",
            "netns", sandbox->name));
  run(WORDS("ip", "-n", sandbox->name, "addr", "add", address, "dev", "eth0"));
  run(WORDS("ip", "-n", sandbox->name, "link", "set", "eth0", "up"));
  run(WORDS("ip", "-n", sandbox->name, "route", "add", "default", "via", GATEWAY));
  change_ports("add", sandbox);
}

static void disconnect_one(const struct sandbox* sandbox) {
  change_ports("delete", sandbox);
  run(WORDS("ip", "link", "del", outer(sandbox).text));
}

static void make_network(void) {
  run(WORDS("ip", "link", "add", BRIDGE, "up", "type", "bridge"));
  run(WORDS("ip", "addr", "add", GATEWAY "/16", "dev", BRIDGE));
  FILE* forward = fopen("/proc/sys/net/ipv4/ip_forward", "w");
  if (forward == NULL || fputs("1", forward) == EOF || fclose(forward) != 0) fail_errno("ip_forward");
  FILE* script = open_batch();
  fputs(kTable, script);
  run_batch(script, WORDS("nft", "-f", "-"));
}

static void network_connect(void) {
  make_network();
  measure_networks(connect_one, disconnect_one);
}

static const char* version(void) {
  static char text[128];
  size_t length;
  char word[64];
  char* output = output_of(WORDS("nft", "--version"), &length);
  if (sscanf(output, "nftables v%63s", word) != 1) strcpy(word, "unknown");
  free(output);
  snprintf(text, sizeof text, "iproute2 %s, nftables %s", version_of_ip(), word);
  return text;
}

int main(int argc, char** argv) {
  static const struct operation operations[] = {{"network-connect", network_connect}, {NULL, NULL}};
  return contend(argc, argv, version, operations);
}
