// Runs `ip`, for both contenders that measure it.
#ifndef NETLOOM_BENCHMARKS_IP_H
#define NETLOOM_BENCHMARKS_IP_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

// Words of a command, for the functions below.
#define WORDS(...) ((const char* const[]){__VA_ARGS__, NULL})

// What leads `ip` into the namespace at a path. It takes the name of a namespace itself; other paths are left
// to nsenter, which takes longer.
struct entry {
  const char* words[3];
  char net[4096];
};
void make_entry(struct entry* entry, const char* path);
// Words of `ip` in there.
#define WORDS_IN(entry, ...) WORDS((entry)->words[0], (entry)->words[1], (entry)->words[2], __VA_ARGS__)

// Starts a program. Its standard input is `input`, or ours if that is negative. Its standard output is a
// pipe, of which `output` receives our end, or standard error if `output` is null.
pid_t start(const char* const words[], int input, int* output);
// Waits for it. Ends the contender if it fails.
void finish(pid_t pid);
// Starts a program without input and waits for it.
void run(const char* const words[]);

// A batch to write commands to. It lives in memory.
FILE* open_batch(void);
// Runs it, with `ip` or what `words` says, and closes it.
void run_batch(FILE* batch, const char* const words[]);

// Runs a program and reads all that it prints, with a null character behind; it must be freed.
char* output_of(const char* const words[], size_t* length);
// The same for a program that gets a batch, which is closed.
char* output_of_batch(FILE* batch, const char* const words[], size_t* length);
// How often a word is in a text.
size_t occurrences(const char* text, size_t length, const char* word);
// How often a word is in what a program prints, of which nothing is kept.
size_t occurrences_in_output(const char* const words[], const char* word);

// A word that is made.
struct word {
  char text[48];
};
// A name that ends with a number.
struct word name(const char* prefix, long i);
// The destination of route number `i`.
struct word destination(int family, long i);
// A.B.X.Y/32 with `i` in X and Y.
struct word address(int a, int b, long i);

// The option and the gateway for a family.
const char* family_option(int family);
const char* gateway(int family);

// The version of iproute2.
const char* version_of_ip(void);

// routes-table: one process for each reading. `ip -batch` doesn't ask the kernel to filter its dumps; `ip`
// does.
void routes_table(void);

#endif
