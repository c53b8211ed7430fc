// The plugins bridge, which calls host-local, and portmap, one after the other as the CNI specification has
// it: a process each, with its configuration and the result of the one before on its standard input.
#include <stdio.h>
#include <stdlib.h>

#include "../../measure/measure.h"
#include "../../measure/networks.h"
#include "../iproute2-batch/ip.h"
#include "../iproute2-batch/iptables.h"

#define PLUGINS "/usr/lib/cni"

static const char* directory;
// What the last ADD of bridge told: portmap and each DEL need it.
static char* result;
static size_t result_length;

static void set_environment(const char* command, const struct sandbox* sandbox) {
  setenv("CNI_COMMAND", command, 1);
  setenv("CNI_CONTAINERID", sandbox->name, 1);
  setenv("CNI_NETNS", sandbox->path, 1);
  setenv("CNI_IFNAME", "eth0", 1);
  setenv("CNI_PATH", PLUGINS, 1);
}

static void write_result(FILE* input) {
  fputs(",\"prevResult\":", input);
  fwrite(result, 1, result_length, input);
}

static FILE* bridge_input(void) {
  FILE* input = open_batch();
  fprintf(input,
          "{\"cniVersion\":\"0.4.0\",\"name\":\"bench\",\"type\":\"bridge\",\"bridge\":\"" BRIDGE
          "\",\"isGateway\":true,\"ipMasq\":true,\"ipam\":{\"type\":\"host-local\",\"dataDir\":\"%s\","
          "\"ranges\":[[{\"subnet\":\"" SUBNET "\",\"gateway\":\"" GATEWAY
          "\"}]],\"routes\":[{\"dst\":\"0.0.0.0/0\"}]}",
          directory);
  return input;
}

static FILE* portmap_input(const struct sandbox* sandbox) {
  FILE* input = open_batch();
  fputs(
      "{\"cniVersion\":\"0.4.0\",\"name\":\"bench\",\"type\":\"portmap\",\"capabilities\":{\"portMappings\":"
      "true},"
      "\"runtimeConfig\":{\"portMappings\":[",
      input);
  for (long i = 0; i < sandbox->ports; ++i) {
    fprintf(input, "%s{\"hostPort\":%ld,\"containerPort\":%ld,\"protocol\":\"tcp\"}", i == 0 ? "" : ",",
            sandbox->host_port + i, sandbox->container_port + i);
  }
  fputs("]}", input);
  write_result(input);
  fputs("}", input);
  return input;
}

static void add(const struct sandbox* sandbox) {
  set_environment("ADD", sandbox);
  FILE* input = bridge_input();
  fputs("}", input);
  free(result);
  result = output_of_batch(input, WORDS(PLUGINS "/bridge"), &result_length);
  if (sandbox->ports > 0) run_batch(portmap_input(sandbox), WORDS(PLUGINS "/portmap"));
}

static void delete (const struct sandbox* sandbox) {
  set_environment("DEL", sandbox);
  if (sandbox->ports > 0) run_batch(portmap_input(sandbox), WORDS(PLUGINS "/portmap"));
  FILE* input = bridge_input();
  write_result(input);
  fputs("}", input);
  run_batch(input, WORDS(PLUGINS "/bridge"));
}

static void network_connect(void) {
  directory = make_state_directory();
  measure_networks(add, delete);
}

// Debian's plugins don't know theirs; the package does.
static const char* version(void) {
  size_t length;
  char* output =
      output_of(WORDS("dpkg-query", "-W", "-f", "${Version}", "containernetworking-plugins"), &length);
  char word[64];
  if (sscanf(output, "%63[^+-]", word) != 1) fail("dpkg-query tells no version");
  free(output);
  return with_iptables(word);
}

int main(int argc, char** argv) {
  static const struct operation operations[] = {{"network-connect", network_connect}, {NULL, NULL}};
  return contend(argc, argv, version, operations);
}
