#include "containers.h"

#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"
#include "parallel.h"

static void (*add_container)(long i);
static void (*remove_container)(long i);
static double *add_samples, *remove_samples, *gone_samples;

static bool is_there(long i) {
  char link[IF_NAMESIZE], path[64];
  snprintf(link, sizeof link, "h%ld", i);
  snprintf(path, sizeof path, "/run/netns/c%ld", i);
  return if_nametoindex(link) != 0 || access(path, F_OK) == 0;
}

static void add_one(long i) {
  const double start = now();
  add_container(i);
  add_samples[i] = (now() - start) * 1e6;
}

static void remove_one(long i) {
  const double start = now();
  remove_container(i);
  remove_samples[i] = (now() - start) * 1e6;
  const struct timespec pause = {.tv_nsec = 500000};
  while (is_there(i)) {
    if (now() - start > 60) fail("container %ld doesn't go away", i);
    nanosleep(&pause, NULL);
  }
  gone_samples[i] = (now() - start) * 1e6;
}

void measure_containers(void (*add)(long i), void (*remove)(long i)) {
  const long count = number("count");
  const long concurrency = number("concurrency");
  add_container = add;
  remove_container = remove;
  add_samples = report_samples("add", (size_t)count);
  remove_samples = report_samples("remove", (size_t)count);
  gone_samples = report_samples("gone", (size_t)count);
  begin();
  in_parallel(count, concurrency, add_one);
  in_parallel(count, concurrency, remove_one);
  end();
  report_count((size_t)count);
}
