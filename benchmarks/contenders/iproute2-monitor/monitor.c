// `ip monitor route`, and a reader of the lines that it prints. After a loss it goes on, and what was lost
// stays unknown.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../measure/measure.h"
#include "../iproute2-batch/ip.h"

// The socket of that process is in a multicast group (/proc/net/netlink: socket, protocol, port, groups).
static bool is_listening(pid_t pid) {
  FILE* sockets = fopen("/proc/self/net/netlink", "re");
  if (sockets == NULL) fail_errno("/proc/self/net/netlink");
  char line[256];
  bool found = false;
  while (!found && fgets(line, sizeof line, sockets) != NULL) {
    long port;
    unsigned protocol, groups;
    found = sscanf(line, "%*s %u %ld %x", &protocol, &port, &groups) == 3 && protocol == 0 && port == pid &&
            groups != 0;
  }
  fclose(sockets);
  return found;
}

struct follower {
  double first;
  double last;
  size_t count;
  bool ended;
  char rest[4096];
  size_t length;
};

// Counts whole lines, up to that of the last route.
static void take(struct follower* follower) {
  char* line = follower->rest;
  for (char* end; (end = memchr(line, '\n', follower->rest + follower->length - line)) != NULL;
       line = end + 1) {
    follower->ended = strncmp(line, "208.0.0.0/24 ", 13) == 0;
    if (follower->ended) return;
    follower->count += 1;
  }
  follower->length -= (size_t)(line - follower->rest);
  memmove(follower->rest, line, follower->length);
}

// Until the last route is seen, or nobody wants to wait for it any longer.
static void follow(struct follower* follower, int output) {
  struct pollfd waits[] = {{output, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  while (!follower->ended) {
    if (poll(waits, 2, -1) < 0) fail_errno("poll");
    if (waits[0].revents == 0) return;
    char* place = follower->rest + follower->length;
    const ssize_t length = read(output, place, sizeof follower->rest - follower->length);
    if (length <= 0) fail("ip monitor ended");
    follower->last = now();
    if (follower->count == 0) follower->first = follower->last;
    follower->length += (size_t)length;
    take(follower);
  }
}

static void monitor(void) {
  char buffer[32];
  snprintf(buffer, sizeof buffer, "%ld", number("buffer"));
  struct follower follower = {0};
  begin();
  int output;
  // By default it takes a buffer of 1 MiB.
  const pid_t pid = start(strcmp(buffer, "0") == 0 ? WORDS("ip", "monitor", "route")
                                                   : WORDS("ip", "-rcvbuf", buffer, "monitor", "route"),
                          -1, &output);
  while (!is_listening(pid)) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  puts("ready");
  fflush(stdout);
  follow(&follower, output);
  report_seconds("follow", follower.last - follower.first);
  if (follower.ended) report_seconds("at", follower.last);
  if (kill(pid, SIGTERM) != 0 || waitpid(pid, NULL, 0) != pid) fail_errno("ip monitor");
  end();
  report_count(follower.count);
}

static const struct operation operations[] = {{"monitor", monitor}, {NULL, NULL}};

int main(int argc, char** argv) {
  return contend(argc, argv, version_of_ip, operations);
}
