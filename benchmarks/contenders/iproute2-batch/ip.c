#define _GNU_SOURCE
#include "ip.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../measure/measure.h"

extern char** environ;

void make_entry(struct entry* entry, const char* path) {
  const char* directory = "/run/netns/";
  if (strncmp(path, directory, strlen(directory)) == 0) {
    *entry = (struct entry){.words = {"ip", "-n", path + strlen(directory)}};
  } else {
    *entry = (struct entry){.words = {"nsenter", entry->net, "ip"}};
    snprintf(entry->net, sizeof entry->net, "--net=%s", path);
  }
}

pid_t start(const char* const words[], int input, int* output) {
  int pipe[2] = {-1, STDERR_FILENO};
  if (output != NULL && pipe2(pipe, O_CLOEXEC) != 0) fail_errno("pipe2");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  pid_t pid;
  errno = posix_spawnp(&pid, words[0], &actions, NULL, (char* const*)words, environ);
  if (errno != 0) fail_errno("%s", words[0]);
  posix_spawn_file_actions_destroy(&actions);
  if (output != NULL) {
    close(pipe[1]);
    *output = pipe[0];
  }
  return pid;
}

void finish(pid_t pid) {
  int status;
  if (wait4(pid, &status, 0, NULL) != pid) fail_errno("wait4");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail("a process failed with status 0x%x", status);
}

void run(const char* const words[]) {
  finish(start(words, -1, NULL));
}

FILE* open_batch(void) {
  const int fd = memfd_create("batch", MFD_CLOEXEC);
  FILE* batch = fd < 0 ? NULL : fdopen(fd, "w+");
  if (batch == NULL) fail_errno("memfd_create");
  return batch;
}

static int rewind_batch(FILE* batch) {
  if (fflush(batch) != 0 || lseek(fileno(batch), 0, SEEK_SET) != 0) fail_errno("batch");
  return fileno(batch);
}

void run_batch(FILE* batch, const char* const words[]) {
  finish(start(words, rewind_batch(batch), NULL));
  fclose(batch);
}

// Reads all that a program prints, and waits for it.
static char* read_all(pid_t pid, int output, size_t* length) {
  size_t capacity = 1 << 16;
  char* text = malloc(capacity);
  *length = 0;
  for (;;) {
    if (*length + 1 == capacity) text = realloc(text, capacity *= 2);
    if (text == NULL) fail_errno("malloc");
    const ssize_t bytes = read(output, text + *length, capacity - *length - 1);
    if (bytes < 0) fail_errno("read");
    if (bytes == 0) break;
    *length += (size_t)bytes;
  }
  text[*length] = '\0';
  close(output);
  finish(pid);
  return text;
}

char* output_of(const char* const words[], size_t* length) {
  int output;
  const pid_t pid = start(words, -1, &output);
  return read_all(pid, output, length);
}

char* output_of_batch(FILE* batch, const char* const words[], size_t* length) {
  int output;
  const pid_t pid = start(words, rewind_batch(batch), &output);
  char* text = read_all(pid, output, length);
  fclose(batch);
  return text;
}

size_t occurrences(const char* text, size_t length, const char* word) {
  const size_t word_length = strlen(word);
  const char* limit = text + length;
  size_t count = 0;
  while ((text = memmem(text, (size_t)(limit - text), word, word_length)) != NULL) {
    text += word_length;
    ++count;
  }
  return count;
}

size_t occurrences_in_output(const char* const words[], const char* word) {
  char chunk[1 << 16];
  int output;
  const pid_t pid = start(words, -1, &output);
  const size_t word_length = strlen(word);
  size_t count = 0, kept = 0;
  for (;;) {
    const ssize_t bytes = read(output, chunk + kept, sizeof chunk - kept);
    if (bytes < 0) fail_errno("read");
    if (bytes == 0) break;
    const size_t length = kept + (size_t)bytes;
    count += occurrences(chunk, length, word);
    // The beginning of a word that the next chunk completes.
    kept = length < word_length - 1 ? length : word_length - 1;
    memmove(chunk, chunk + length - kept, kept);
  }
  close(output);
  finish(pid);
  return count;
}

struct word name(const char* prefix, long i) {
  struct word word;
  snprintf(word.text, sizeof word.text, "%s%ld", prefix, i);
  return word;
}

struct word destination(int family, long i) {
  struct word word;
  const unsigned number = (unsigned)i;
  if (family == AF_INET) {
    const unsigned net = (16U << 24) + (number << 8);
    snprintf(word.text, sizeof word.text, "%u.%u.%u.0/24", net >> 24, (net >> 16) & 255, (net >> 8) & 255);
  } else {
    snprintf(word.text, sizeof word.text, "2001:db8:%x:%x::/64", number >> 16, number & 0xffff);
  }
  return word;
}

struct word address(int a, int b, long i) {
  struct word word;
  snprintf(word.text, sizeof word.text, "%d.%d.%ld.%ld/32", a, b, (i >> 8) & 255, i & 255);
  return word;
}

const char* family_option(int family) {
  return family == AF_INET ? "-4" : "-6";
}

const char* gateway(int family) {
  return family == AF_INET ? "10.255.0.2" : "fd00:ffff::2";
}

const char* version_of_ip(void) {
  static char version[64];
  size_t length;
  char* text = output_of(WORDS("ip", "-V"), &length);
  const char* found = memmem(text, length, "iproute2-", 9);
  if (found == NULL || sscanf(found, "iproute2-%63[^ ,\n]", version) != 1) fail("ip -V tells no version");
  free(text);
  return version;
}

void routes_table(void) {
  const char* table = text("table");
  const long repeat = number("repeat");
  const char* option = family_option(family());
  double* samples = report_samples("table", (size_t)repeat);
  size_t count = 0;
  begin();
  for (long i = 0; i < repeat; ++i) {
    const double before = now();
    count += occurrences_in_output(WORDS("ip", "-j", option, "route", "show", "table", table), "\"dst\":");
    samples[i] = (now() - before) * 1e6;
  }
  end();
  report_count(count);
}
