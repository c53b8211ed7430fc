// Requests to a server on a Unix socket.
#ifndef NETLOOM_BENCHMARKS_HTTP_H
#define NETLOOM_BENCHMARKS_HTTP_H

#include <stddef.h>

// Must come first. Requests that aren't answered so many seconds later end the contender.
void limit_waiting(double seconds);

// Sends a request and reads all of the answer. Returns the status, or 0 where nobody listens. What is no
// success is printed.
int request(const char* socket_path, const char* method, const char* path, const char* type, const void* body,
            size_t length);

#endif
