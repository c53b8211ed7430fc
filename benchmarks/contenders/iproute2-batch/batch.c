// `ip -batch`: what there is to do is written to a batch, then one process does all of it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../measure/containers.h"
#include "../../measure/measure.h"
#include "ip.h"

static void routes(const char* command, const char* part) {
  const int of = family();
  const long count = number("count");
  FILE* batch = open_batch();
  for (long i = 0; i < count; ++i) {
    fprintf(batch, "route %s %s via %s dev wire0\n", command, destination(of, i).text, gateway(of));
  }
  begin();
  const double start = now();
  run_batch(batch, WORDS("ip", family_option(of), "-batch", "-"));
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

// A gateway as `ip -j` prints it.
static const char* gateway_word(int of) {
  static char word[64];
  snprintf(word, sizeof word, "\"gateway\":\"%s\"", gateway(of));
  return word;
}

static void routes_list(void) {
  const int of = family();
  begin();
  const double start = now();
  size_t length;
  char* output = output_of(WORDS("ip", "-j", family_option(of), "route"), &length);
  report_seconds("list", now() - start);
  end();
  report_count(occurrences(output, length, gateway_word(of)));
  free(output);
}

static void routes_stream(void) {
  const int of = family();
  begin();
  const double start = now();
  report_count(occurrences_in_output(WORDS("ip", "-j", family_option(of), "route"), gateway_word(of)));
  report_seconds("stream", now() - start);
  end();
}

static void veth_add(void) {
  const char* namespace = text("namespace");
  const long count = number("count");
  struct entry there;
  make_entry(&there, namespace);
  FILE* create = open_batch();
  FILE* configure = open_batch();
  for (long i = 0; i < count; ++i) {
    fprintf(create, "link add v%ld up type veth peer name p%ld netns %s\n", i, i, namespace);
    fprintf(configure, "link set p%ld up\naddr add %s dev p%ld\n", i, address(10, 200, i).text, i);
  }
  begin();
  const double start = now();
  run_batch(create, WORDS("ip", "-batch", "-"));
  const double created = now();
  run_batch(configure, WORDS_IN(&there, "-batch", "-"));
  report_seconds("configure", now() - created);
  report_seconds("create", created - start);
  end();
  report_count((size_t)count);
}

static void veth_delete(void) {
  const long count = number("count");
  FILE* batch = open_batch();
  for (long i = 0; i < count; ++i) fprintf(batch, "link del v%ld\n", i);
  begin();
  const double start = now();
  run_batch(batch, WORDS("ip", "-batch", "-"));
  report_seconds("delete", now() - start);
  end();
  report_count((size_t)count);
}

// An `ip -batch -` that stays, asked through a pipe. It writes out each answer, a line of JSON, at once.
struct conversation {
  pid_t pid;
  FILE* questions;
  FILE* answers;
};

static struct conversation open_conversation(void) {
  int questions[2], answers;
  if (pipe2(questions, O_CLOEXEC) != 0) fail_errno("pipe2");
  struct conversation with = {.pid = start(WORDS("ip", "-j", "-batch", "-"), questions[0], &answers)};
  close(questions[0]);
  with.questions = fdopen(questions[1], "w");
  with.answers = fdopen(answers, "r");
  if (with.questions == NULL || with.answers == NULL) fail_errno("fdopen");
  return with;
}

static void close_conversation(struct conversation with) {
  fclose(with.questions);
  finish(with.pid);
  fclose(with.answers);
}

static void ask(struct conversation with) {
  if (fputs("link show dev wire0\n", with.questions) < 0 || fflush(with.questions) != 0) fail_errno("ip");
}

static void hear(struct conversation with) {
  static char line[1 << 16];
  if (fgets(line, sizeof line, with.answers) == NULL) fail("ip ended");
  if (strstr(line, "\"ifname\":\"wire0\"") == NULL) fail("ip answered %s", line);
}

static void link_get(void) {
  const long count = number("count");
  double* samples = report_samples("get", (size_t)count);
  begin();
  const struct conversation with = open_conversation();
  // The first answer comes when ip has started.
  ask(with);
  hear(with);
  for (long i = 0; i < count; ++i) {
    const double start = now();
    ask(with);
    hear(with);
    samples[i] = (now() - start) * 1e6;
  }
  close_conversation(with);
  end();
  report_count((size_t)count);
}

static void container_add(long i) {
  const struct word own = address(10, 100, i);
  FILE* here = open_batch();
  fprintf(here, "netns add c%ld\n", i);
  fprintf(here, "link add h%ld up type veth peer name eth0 netns c%ld\n", i, i);
  fprintf(here, "route add %s dev h%ld\n", own.text, i);
  run_batch(here, WORDS("ip", "-batch", "-"));
  FILE* there = open_batch();
  fprintf(there, "link set lo up\nlink set eth0 up\n");
  fprintf(there, "addr add %s dev eth0\n", own.text);
  fprintf(there, "route add 10.255.0.1/32 dev eth0\nroute add default via 10.255.0.1\n");
  run_batch(there, WORDS("ip", "-n", name("c", i).text, "-batch", "-"));
}

// The pair goes with the namespace, later. To delete it first takes as long, and would be waited for.
static void container_remove(long i) {
  run(WORDS("ip", "netns", "del", name("c", i).text));
}

static void container(void) {
  measure_containers(container_add, container_remove);
}

static const struct operation operations[] = {
    {"routes-add", routes_add},     {"routes-delete", routes_delete},
    {"routes-list", routes_list},   {"routes-stream", routes_stream},
    {"routes-table", routes_table}, {"veth-add", veth_add},
    {"veth-delete", veth_delete},   {"link-get", link_get},
    {"container", container},       {NULL, NULL}};

int main(int argc, char** argv) {
  return contend(argc, argv, version_of_ip, operations);
}
