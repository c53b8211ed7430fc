#ifndef NETLOOM_BENCHMARKS_PARALLEL_H
#define NETLOOM_BENCHMARKS_PARALLEL_H

// Calls `perform` for 0 to count - 1 on `concurrency` threads, each of which takes the next that is left.
void in_parallel(long count, long concurrency, void (*perform)(long i));

#endif
