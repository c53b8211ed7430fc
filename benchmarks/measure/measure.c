#include "measure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

enum { kMaxParts = 4 };

struct part {
  const char* name;
  double seconds;
  double* samples;
  size_t count;
};

static char** arguments;
static struct part parts[kMaxParts];
static size_t part_count;
static size_t object_count;
static double cpu;

static _Noreturn void give_up(const char* format, va_list values, int error) {
  vfprintf(stderr, format, values);
  if (error != 0) fprintf(stderr, ": %s", strerror(error));
  fputc('\n', stderr);
  exit(EXIT_FAILURE);
}

void fail(const char* format, ...) {
  va_list values;
  va_start(values, format);
  give_up(format, values, 0);
}

void fail_errno(const char* format, ...) {
  const int error = errno;
  va_list values;
  va_start(values, format);
  give_up(format, values, error);
}

const char* text(const char* key) {
  const size_t length = strlen(key);
  for (char** argument = arguments; *argument != NULL; ++argument) {
    if (strncmp(*argument, key, length) == 0 && (*argument)[length] == '=') return *argument + length + 1;
  }
  fail("%s= is missing", key);
}

long number(const char* key) {
  const char* value = text(key);
  char* rest;
  const long result = strtol(value, &rest, 10);
  if (*value == '\0' || *rest != '\0' || result < 0) fail("%s=%s is no number", key, value);
  return result;
}

int family(void) {
  const char* value = text("family");
  if (strcmp(value, "inet") == 0) return AF_INET;
  if (strcmp(value, "inet6") == 0) return AF_INET6;
  fail("family=%s is neither inet nor inet6", value);
}

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double cpu_seconds(void) {
  double seconds = 0;
  const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
  for (size_t i = 0; i < 2; ++i) {
    struct rusage usage;
    getrusage(whose[i], &usage);
    seconds += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
    seconds += (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
  }
  return seconds;
}

// ru_maxrss of the process itself survives exec, so it can be that of the runner. VmHWM begins anew.
static long peak_of_self(void) {
  FILE* status = fopen("/proc/self/status", "re");
  if (status == NULL) fail_errno("/proc/self/status");
  char line[256];
  long peak = 0;
  while (fgets(line, sizeof line, status) != NULL) {
    if (sscanf(line, "VmHWM: %ld", &peak) == 1) break;
  }
  fclose(status);
  return peak;
}

static long peak_kib(void) {
  struct rusage children;
  getrusage(RUSAGE_CHILDREN, &children);
  const long self = peak_of_self();
  return self > children.ru_maxrss ? self : children.ru_maxrss;
}

void begin(void) {
  cpu = cpu_seconds();
}

void end(void) {
  cpu = cpu_seconds() - cpu;
}

void report_cpu(double seconds) {
  cpu = seconds;
}

static struct part* add_part(const char* name) {
  if (part_count == kMaxParts) fail("more than %d parts", kMaxParts);
  struct part* part = &parts[part_count++];
  part->name = name;
  return part;
}

void report_seconds(const char* part, double seconds) {
  add_part(part)->seconds = seconds;
}

double* report_samples(const char* name, size_t count) {
  struct part* part = add_part(name);
  part->samples = calloc(count + 1, sizeof *part->samples);
  if (part->samples == NULL) fail_errno("calloc");
  part->count = count;
  return part->samples;
}

void report_count(size_t count) {
  object_count = count;
}

static void print_seconds(void) {
  const char* separator = "";
  for (size_t i = 0; i < part_count; ++i) {
    if (parts[i].samples != NULL) continue;
    printf("%s\"%s\":%.6f", separator, parts[i].name, parts[i].seconds);
    separator = ",";
  }
}

static void print_samples(void) {
  const char* separator = "";
  for (size_t i = 0; i < part_count; ++i) {
    if (parts[i].samples == NULL) continue;
    printf("%s\"%s\":[", separator, parts[i].name);
    for (size_t j = 0; j < parts[i].count; ++j) printf("%s%.1f", j == 0 ? "" : ",", parts[i].samples[j]);
    putchar(']');
    separator = ",";
  }
}

static void print_report(void) {
  printf("{\"seconds\":{");
  print_seconds();
  printf("},\"samples\":{");
  print_samples();
  printf("},\"count\":%zu,\"cpu\":%.6f,\"rss\":%ld}\n", object_count, cpu, peak_kib());
}

int contend(int argc, char** argv, const char* (*version)(void), const struct operation* operations) {
  if (argc < 2) fail("usage: contender OPERATION [KEY=VALUE...]");
  arguments = argv + 2;
  if (strcmp(argv[1], "version") == 0) {
    printf("{\"version\":\"%s\"}\n", version());
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  for (; operations->name != NULL; ++operations) {
    if (strcmp(operations->name, argv[1]) != 0) continue;
    operations->perform();
    print_report();
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  fail("unknown operation %s", argv[1]);
}
