#include "parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "measure.h"

struct work {
  long count;
  atomic_long next;
  void (*perform)(long i);
};

static void* take(void* shared) {
  struct work* work = shared;
  for (;;) {
    const long i = atomic_fetch_add(&work->next, 1);
    if (i >= work->count) return NULL;
    work->perform(i);
  }
}

void in_parallel(long count, long concurrency, void (*perform)(long i)) {
  if (concurrency < 1) fail("concurrency=%ld is less than 1", concurrency);
  struct work work = {.count = count, .perform = perform};
  pthread_t* threads = calloc((size_t)concurrency, sizeof *threads);
  if (threads == NULL) fail_errno("calloc");
  for (long i = 0; i < concurrency; ++i) {
    if (pthread_create(&threads[i], NULL, take, &work) != 0) fail("pthread_create failed");
  }
  for (long i = 0; i < concurrency; ++i) pthread_join(threads[i], NULL);
  free(threads);
}
