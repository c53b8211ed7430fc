// The operation `container` of the contenders in C, but for what a container takes.
#ifndef NETLOOM_BENCHMARKS_CONTAINERS_H
#define NETLOOM_BENCHMARKS_CONTAINERS_H

// Makes `count` containers and then removes them, `concurrency` at a time, each on one of as many threads.
void measure_containers(void (*add)(long i), void (*remove)(long i));

#endif
