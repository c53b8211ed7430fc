// aardvark-dns, the name service of netavark's networks, as netavark configures it: a file for each network.
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>

#include "../../measure/measure.h"
#include "../../measure/names.h"
#include "../iproute2-batch/ip.h"

static const char kProgram[] = "/usr/lib/podman/aardvark-dns";

static FILE* open_file(char* path, size_t size, const char* directory, const char* name) {
  snprintf(path, size, "%s/%s", directory, name);
  FILE* file = fopen(path, "we");
  if (file == NULL) fail_errno("%s", path);
  return file;
}

// It asks the servers of the host, so that it gets a host's file of its own.
static void write_upstreams(const char* directory) {
  char path[64];
  FILE* file = open_file(path, sizeof path, directory, "resolv.conf");
  for (const char* server; (server = next_upstream()) != NULL;) fprintf(file, "nameserver %s\n", server);
  if (fclose(file) != 0) fail_errno("%s", path);
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount(path, "/etc/resolv.conf", NULL, MS_BIND, NULL) != 0) {
    fail_errno("/etc/resolv.conf");
  }
}

static void dns_serve(void) {
  connect_named();
  const char* directory = make_state_directory();
  char networks[64], path[128];
  snprintf(networks, sizeof networks, "%s/networks", directory);
  run(WORDS("mkdir", networks));
  FILE* network = open_file(path, sizeof path, networks, "bench");
  fprintf(network, GATEWAY "\n%064x " NAMED_ADDRESS "  " NAMED "\n%064x " ASKING_ADDRESS "  " ASKING "\n", 1,
          2);
  if (fclose(network) != 0) fail_errno("%s", path);
  write_upstreams(directory);
  serve_names(WORDS(kProgram, "--config", networks, "--port", "53", "run"));
}

static const char* version(void) {
  static char word[64];
  size_t length;
  char* output = output_of(WORDS(kProgram, "--version"), &length);
  if (sscanf(output, "aardvark-dns %63s", word) != 1) fail("aardvark-dns --version tells no version");
  free(output);
  return word;
}

int main(int argc, char** argv) {
  static const struct operation operations[] = {{"dns-serve", dns_serve}, {NULL, NULL}};
  return contend(argc, argv, version, operations);
}
