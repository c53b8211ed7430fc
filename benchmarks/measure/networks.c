#include "networks.h"

#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measure.h"

// Sandbox 0 stays connected and publishes nothing: who removes a bridge that nobody uses would make it anew
// each time.
enum { kStays, kMeasured, kFirstOther };
enum { kContainerPort = 8000, kFirstHostPort = 20000, kMostLinks = 4096 };

struct samples {
  double *connect, *disconnect, *gone;
  size_t count;
};

struct links {
  unsigned indexes[kMostLinks];
  size_t count;
};

static void (*connect_sandbox)(const struct sandbox* sandbox);
static void (*disconnect_sandbox)(const struct sandbox* sandbox);

static struct sandbox sandbox(long i) {
  struct sandbox made = {.ports = i == kStays ? 0 : number("ports"), .container_port = kContainerPort};
  made.host_port = kFirstHostPort + i * made.ports;
  snprintf(made.name, sizeof made.name, "s%ld", i);
  snprintf(made.path, sizeof made.path, "/run/netns/%s", made.name);
  snprintf(made.address, sizeof made.address, "10.88.%ld.%ld", ((i + 2) >> 8) & 255, (i + 2) & 255);
  return made;
}

struct sandbox measured_sandbox(void) {
  return sandbox(kMeasured);
}

static void read_links(struct links* links) {
  struct if_nameindex* all = if_nameindex();
  if (all == NULL) fail_errno("if_nameindex");
  links->count = 0;
  for (const struct if_nameindex* link = all; link->if_index != 0; ++link) {
    if (links->count == kMostLinks) fail("more than %d links", kMostLinks);
    links->indexes[links->count++] = link->if_index;
  }
  if_freenameindex(all);
}

static bool has(const struct links* links, unsigned index) {
  for (size_t i = 0; i < links->count; ++i) {
    if (links->indexes[i] == index) return true;
  }
  return false;
}

// The host's end of what was just connected.
static unsigned new_link(const struct links* before) {
  static struct links after;
  read_links(&after);
  for (size_t i = 0; i < after.count; ++i) {
    if (!has(before, after.indexes[i])) return after.indexes[i];
  }
  fail("the host has no new link");
}

static void await_end(unsigned link, double since) {
  const struct timespec pause = {.tv_nsec = 500000};
  char name[IF_NAMESIZE];
  while (if_indextoname(link, name) != NULL) {
    if (now() - since > 60) fail("%s doesn't go away", name);
    nanosleep(&pause, NULL);
  }
}

static double* allocate(long count) {
  double* samples = calloc((size_t)count, sizeof *samples);
  if (samples == NULL) fail_errno("calloc");
  return samples;
}

// The first `discard` warm up. Once it took `seconds`, one sample is enough, and there may be no warming up.
static struct samples take(void) {
  const long discard = number("discard"), total = discard + number("count");
  const double longest = (double)number("seconds");
  struct samples taken = {.connect = allocate(total), .disconnect = allocate(total), .gone = allocate(total)};
  const struct sandbox measured = measured_sandbox();
  static struct links before;
  read_links(&before);
  const double begun = now();
  long done = 0;
  while (done < total && (done == 0 || now() - begun < longest)) {
    double start = now();
    connect_sandbox(&measured);
    taken.connect[done] = (now() - start) * 1e6;
    const unsigned link = new_link(&before);
    start = now();
    disconnect_sandbox(&measured);
    taken.disconnect[done] = (now() - start) * 1e6;
    await_end(link, start);
    taken.gone[done++] = (now() - start) * 1e6;
  }
  const long skipped = done > discard ? discard : done - 1;
  taken.count = (size_t)(done - skipped);
  taken.connect += skipped;
  taken.disconnect += skipped;
  taken.gone += skipped;
  return taken;
}

static void report(const char* part, const double* samples, size_t count) {
  memcpy(report_samples(part, count), samples, count * sizeof *samples);
}

void measure_networks(void (*connect)(const struct sandbox* sandbox),
                      void (*disconnect)(const struct sandbox* sandbox)) {
  const long others = number("others");
  connect_sandbox = connect;
  disconnect_sandbox = disconnect;
  const struct sandbox stays = sandbox(kStays);
  connect(&stays);
  begin();
  if (others > 0) {
    const struct samples first = take();
    report("first", first.connect, first.count);
  }
  for (long i = kFirstOther; i < kFirstOther + others; ++i) {
    const struct sandbox other = sandbox(i);
    connect(&other);
  }
  const struct samples taken = take();
  end();
  report("connect", taken.connect, taken.count);
  report("disconnect", taken.disconnect, taken.count);
  report("gone", taken.gone, taken.count);
  report_count(taken.count);
}

const char* make_state_directory(void) {
  static char path[] = "/run/netloom-bench-XXXXXX";
  if (mkdtemp(path) == NULL) fail_errno("%s", path);
  return path;
}
