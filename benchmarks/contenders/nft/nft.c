// `nft`: one process for each transaction, which reads a script that was written before the clock starts.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../measure/measure.h"
#include "../iproute2-batch/ip.h"

static const char kChain[] =
    "add table inet bench\nadd chain inet bench c { type filter hook forward priority 0; }\n";

static void script_rule(FILE* script, long i) {
  fprintf(script, "add rule inet bench c ip saddr 10.%ld.%ld.%ld tcp dport 80 counter accept\n", (i >> 16) & 255,
          (i >> 8) & 255, i & 255);
}

static void run_script(FILE* script) {
  run_batch(script, WORDS("nft", "-f", "-"));
}

static void add_rule(void) {
  const long count = number("count");
  FILE* chain = open_batch();
  fputs(kChain, chain);
  run_script(chain);
  double* samples = report_samples("rule", (size_t)count);
  begin();
  for (long i = 0; i < count; ++i) {
    FILE* script = open_batch();
    script_rule(script, i);
    const double start = now();
    run_script(script);
    samples[i] = (now() - start) * 1e6;
  }
  end();
  report_count((size_t)count);
}

static void measure(FILE* script, long count) {
  begin();
  const double start = now();
  run_script(script);
  report_seconds("commit", now() - start);
  end();
  report_count((size_t)count);
}

static void add_rules(void) {
  const long count = number("count");
  FILE* script = open_batch();
  fputs(kChain, script);
  for (long i = 0; i < count; ++i) script_rule(script, i);
  measure(script, count);
}

static void add_set(void) {
  const long count = number("count");
  FILE* script = open_batch();
  fputs("add table inet bench\nadd set inet bench s { type ipv4_addr; }\nadd element inet bench s {", script);
  for (long i = 0; i < count; ++i)
    fprintf(script, "%s10.%ld.%ld.%ld", i == 0 ? " " : ", ", (i >> 16) & 255, (i >> 8) & 255, i & 255);
  fputs(" }\n", script);
  measure(script, count);
}

static void add_map(void) {
  const long count = number("count");
  FILE* script = open_batch();
  fputs("add table ip bench\nadd map ip bench m { type inet_service : ipv4_addr . inet_service; }\n"
        "add chain ip bench c { type nat hook prerouting priority -100; }\n"
        "add rule ip bench c dnat ip to tcp dport map @m\nadd element ip bench m {",
        script);
  for (long i = 0; i < count; ++i)
    fprintf(script, "%s%ld : 10.0.%ld.%ld . 80", i == 0 ? " " : ", ", i + 1, (i >> 8) & 255, i & 255);
  fputs(" }\n", script);
  measure(script, count);
}

// The rule set is there already.
static void list(void) {
  begin();
  const double start = now();
  size_t length;
  char* output = output_of(WORDS("nft", "-j", "list", "ruleset"), &length);
  report_seconds("list", now() - start);
  end();
  report_count(occurrences(output, length, "{\"rule\":"));
  free(output);
}

static const char* version(void) {
  static char word[64];
  size_t length;
  char* output = output_of(WORDS("nft", "--version"), &length);
  if (sscanf(output, "nftables v%63s", word) != 1) strcpy(word, "unknown");
  free(output);
  return word;
}

int main(int argc, char** argv) {
  static const struct operation operations[] = {{"nft-rule", add_rule}, {"nft-rules", add_rules},
                                                {"nft-set", add_set},   {"nft-map", add_map},
                                                {"nft-list", list},     {NULL, NULL}};
  return contend(argc, argv, version, operations);
}
