// dnsmasq, as it serves the bridges of many a container and machine manager: names from a file of hosts.
#include <stdio.h>
#include <stdlib.h>

#include "../../measure/measure.h"
#include "../../measure/names.h"
#include "../iproute2-batch/ip.h"

enum { kMostUpstreams = 4 };

static const char* write_hosts(void) {
  static char path[64];
  snprintf(path, sizeof path, "%s/hosts", make_state_directory());
  FILE* hosts = fopen(path, "we");
  if (hosts == NULL) fail_errno("%s", path);
  fputs(NAMED_ADDRESS " " NAMED "\n" ASKING_ADDRESS " " ASKING "\n", hosts);
  if (fclose(hosts) != 0) fail_errno("%s", path);
  return path;
}

static void dns_serve(void) {
  connect_named();
  char hosts[80];
  snprintf(hosts, sizeof hosts, "--addn-hosts=%s", write_hosts());
  const char* words[16] = {"dnsmasq",
                           "--keep-in-foreground",
                           "--conf-file=/dev/null",
                           "--pid-file",
                           "--user=root",
                           "--no-hosts",
                           "--no-resolv",
                           "--bind-interfaces",
                           "--listen-address=" GATEWAY,
                           "--local-ttl=600",
                           hosts};
  static char servers[kMostUpstreams][48];
  size_t count = 0;
  for (const char* server; count < kMostUpstreams && (server = next_upstream()) != NULL; ++count) {
    snprintf(servers[count], sizeof servers[count], "--server=%s", server);
    words[11 + count] = servers[count];
  }
  serve_names(words);
}

static const char* version(void) {
  static char word[64];
  size_t length;
  char* output = output_of(WORDS("dnsmasq", "--version"), &length);
  if (sscanf(output, "Dnsmasq version %63s", word) != 1) fail("dnsmasq --version tells no version");
  free(output);
  return word;
}

int main(int argc, char** argv) {
  static const struct operation operations[] = {{"dns-serve", dns_serve}, {NULL, NULL}};
  return contend(argc, argv, version, operations);
}
