// What the contenders in C share: their arguments, the clocks, and the line of JSON that the runner reads.
// benchmarks/README.md is the protocol.
#ifndef NETLOOM_BENCHMARKS_MEASURE_H
#define NETLOOM_BENCHMARKS_MEASURE_H

#include <stddef.h>

struct operation {
  const char* name;
  void (*perform)(void);
};

// Performs the operation that the arguments name and prints its report. The list ends with a null name.
int contend(int argc, char** argv, const char* (*version)(void), const struct operation* operations);

// Ends the contender. `fail_errno` adds what errno says.
_Noreturn void fail(const char* format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void fail_errno(const char* format, ...) __attribute__((format(printf, 1, 2)));

// The value of an argument KEY=VALUE, which must be there.
const char* text(const char* key);
long number(const char* key);
// AF_INET or AF_INET6, from family=inet or family=inet6.
int family(void);

// Seconds of the monotonic clock.
double now(void);

// Bound the measured part, for the time on the processor.
void begin(void);
void end(void);

// The time on the processor, where `begin` and `end` can't tell it.
void report_cpu(double seconds);

// What the report says: the seconds of a part, the samples of a part (to be filled in, in microseconds), the
// count of objects.
void report_seconds(const char* part, double seconds);
double* report_samples(const char* part, size_t count);
void report_count(size_t count);

#endif
