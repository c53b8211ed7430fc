#define _GNU_SOURCE
#include "names.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../contenders/iproute2-batch/ip.h"
#include "daemons.h"
#include "measure.h"

static void connect_one(const char* namespace, const char* link, const char* address) {
  run(WORDS("ip", "link", "add", link, "up", "master", BRIDGE, "type", "veth", "peer", "name", "eth0",
            "netns", namespace));
  run(WORDS("ip", "-n", namespace, "addr", "add", address, "dev", "eth0"));
  run(WORDS("ip", "-n", namespace, "link", "set", "eth0", "up"));
  run(WORDS("ip", "-n", namespace, "route", "add", "default", "via", GATEWAY));
}

void connect_named(void) {
  run(WORDS("ip", "link", "add", BRIDGE, "up", "type", "bridge"));
  run(WORDS("ip", "addr", "add", GATEWAY "/16", "dev", BRIDGE));
  connect_one(NAMED, "h-" NAMED, NAMED_ADDRESS "/16");
  connect_one(ASKING, "h-" ASKING, ASKING_ADDRESS "/16");
}

// Whether a server answers there. Nothing is written but a query for NAMED.
static bool answers(void) {
  static const unsigned char query[] = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 's', '0', 0, 0, 1, 0, 1};
  const struct sockaddr_in to = {
      .sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = inet_addr(GATEWAY)};
  const struct timeval patience = {.tv_usec = 100000};
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (const struct sockaddr*)&to, sizeof to) != 0) fail_errno("socket");
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  char answer[512];
  const bool answered =
      send(fd, query, sizeof query, 0) > 0 && recv(fd, answer, sizeof answer, 0) > (ssize_t)sizeof query;
  close(fd);
  return answered;
}

static bool has_failed(pid_t pid) {
  int status;
  return waitpid(pid, &status, WNOHANG) == pid && (!WIFEXITED(status) || WEXITSTATUS(status) != 0);
}

void serve_names(const char* const words[]) {
  adopt_daemons();
  begin();
  const pid_t server = start(words, -1, NULL);
  const double begun = now();
  const struct timespec pause = {.tv_nsec = 10000000};
  while (!answers()) {
    if (has_failed(server)) fail("%s failed", words[0]);
    if (now() - begun > 10) fail("%s doesn't answer", words[0]);
    nanosleep(&pause, NULL);
  }
  printf("ready " GATEWAY " /run/netns/" ASKING " " NAMED_ADDRESS "\n");
  fflush(stdout);
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  end_children();
  end();
  report_count(2);
}

const char* next_upstream(void) {
  static char* rest;
  static bool begun;
  if (!begun) rest = strdup(text("upstreams"));
  begun = true;
  const char* word = rest == NULL ? NULL : strsep(&rest, ",");
  return word == NULL || *word == '\0' ? NULL : word;
}
