// One process of `ip` for each operation, spawned by posix_spawn, which copies no memory.
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../../measure/containers.h"
#include "../../measure/measure.h"
#include "../../measure/parallel.h"
#include "../iproute2-batch/ip.h"

static void route(const char* command, int of, long i) {
  const struct word to = destination(of, i);
  run(WORDS("ip", family_option(of), "route", command, to.text, "via", gateway(of), "dev", "wire0"));
}

static void routes(const char* command, const char* part) {
  const int of = family();
  const long count = number("count");
  begin();
  const double start = now();
  for (long i = 0; i < count; ++i) route(command, of, i);
  report_seconds(part, now() - start);
  end();
  report_count((size_t)count);
}

static void routes_add(void) {
  routes("add", "add");
}

static void routes_delete(void) {
  routes("del", "delete");
}

static void route_add(void) {
  const long count = number("count");
  double* samples = report_samples("add", (size_t)count);
  begin();
  for (long i = 0; i < count; ++i) {
    const double start = now();
    route("add", AF_INET, i);
    samples[i] = (now() - start) * 1e6;
  }
  end();
  report_count((size_t)count);
}

static void veth_add(void) {
  const char* namespace = text("namespace");
  const long count = number("count");
  struct entry there;
  make_entry(&there, namespace);
  begin();
  const double start = now();
  for (long i = 0; i < count; ++i) {
    run(WORDS("ip", "link", "add", name("v", i).text, "up", "type", "veth", "peer", "name", name("p", i).text,
              "netns", namespace));
  }
  const double created = now();
  for (long i = 0; i < count; ++i) {
    const struct word link = name("p", i);
    run(WORDS_IN(&there, "link", "set", link.text, "up"));
    run(WORDS_IN(&there, "addr", "add", address(10, 200, i).text, "dev", link.text));
  }
  report_seconds("configure", now() - created);
  report_seconds("create", created - start);
  end();
  report_count((size_t)count);
}

static void veth_delete(void) {
  const long count = number("count");
  begin();
  const double start = now();
  for (long i = 0; i < count; ++i) run(WORDS("ip", "link", "del", name("v", i).text));
  report_seconds("delete", now() - start);
  end();
  report_count((size_t)count);
}

static void get_one(long i) {
  (void)i;
  const char* const words[] = {"ip", "-j", "link", "show", "dev", "wire0", NULL};
  if (occurrences_in_output(words, "\"ifname\":\"wire0\"") != 1) fail("ip doesn't show wire0");
}

static void link_get(void) {
  const long count = number("count");
  double* samples = report_samples("get", (size_t)count);
  begin();
  for (long i = 0; i < count; ++i) {
    const double start = now();
    get_one(i);
    samples[i] = (now() - start) * 1e6;
  }
  end();
  report_count((size_t)count);
}

static void link_get_concurrent(void) {
  const long count = number("count");
  const long concurrency = number("concurrency");
  begin();
  const double start = now();
  in_parallel(count, concurrency, get_one);
  report_seconds("get", now() - start);
  end();
  report_count((size_t)count);
}

static void container_add(long i) {
  const struct word namespace = name("c", i);
  const struct word link = name("h", i);
  const struct word own = address(10, 100, i);
  const struct entry there = {.words = {"ip", "-n", namespace.text}};
  run(WORDS("ip", "netns", "add", namespace.text));
  run(WORDS("ip", "link", "add", link.text, "up", "type", "veth", "peer", "name", "eth0", "netns",
            namespace.text));
  run(WORDS("ip", "route", "add", own.text, "dev", link.text));
  run(WORDS_IN(&there, "link", "set", "lo", "up"));
  run(WORDS_IN(&there, "link", "set", "eth0", "up"));
  run(WORDS_IN(&there, "addr", "add", own.text, "dev", "eth0"));
  run(WORDS_IN(&there, "route", "add", "10.255.0.1/32", "dev", "eth0"));
  run(WORDS_IN(&there, "route", "add", "default", "via", "10.255.0.1"));
}

// The pair goes with the namespace, later. To delete it first takes as long, and would be waited for.
static void container_remove(long i) {
  run(WORDS("ip", "netns", "del", name("c", i).text));
}

static void container(void) {
  measure_containers(container_add, container_remove);
}

static const struct operation operations[] = {{"routes-add", routes_add},
                                              {"routes-delete", routes_delete},
                                              {"routes-table", routes_table},
                                              {"veth-add", veth_add},
                                              {"veth-delete", veth_delete},
                                              {"link-get", link_get},
                                              {"link-get-concurrent", link_get_concurrent},
                                              {"route-add", route_add},
                                              {"container", container},
                                              {NULL, NULL}};

int main(int argc, char** argv) {
  return contend(argc, argv, version_of_ip, operations);
}
