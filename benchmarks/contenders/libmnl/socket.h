// Sockets, batches and dumps, as the examples of libmnl make them.
#ifndef NETLOOM_BENCHMARKS_SOCKET_H
#define NETLOOM_BENCHMARKS_SOCKET_H

#include <libmnl/libmnl.h>
#include <stddef.h>
#include <stdint.h>

// A socket in the namespace of the thread. Like everything here it ends the contender if it fails.
struct mnl_socket* open_socket(void);
// A socket in the namespace of a descriptor.
struct mnl_socket* open_socket_in(int namespace);

// Begins a message in a buffer.
struct nlmsghdr* begin_message(void* buffer, uint16_t type, uint16_t flags, uint32_t sequence);

void send_message(struct mnl_socket* socket, const struct nlmsghdr* message);
// Reads one datagram and calls `callback` for what it holds. 0 or less when the answer is complete.
int receive(struct mnl_socket* socket, uint32_t sequence, mnl_cb_t callback, void* data);
// Sends a request and reads all of its answer.
void request(struct mnl_socket* socket, const struct nlmsghdr* message, mnl_cb_t callback, void* data);

// Requests that are acknowledged, sent so many at a time as fit into the buffer.
struct batch {
  struct mnl_socket* socket;
  struct mnl_nlmsg_batch* messages;
  void* buffer;
  uint32_t sequence;
  size_t pending;
  size_t done;
};
struct batch open_batch(struct mnl_socket* socket);
// Begins the next message. `end_in_batch` ends it.
struct nlmsghdr* begin_in_batch(struct batch* batch, uint16_t type, uint16_t flags);
void end_in_batch(struct batch* batch);
// Sends what is left. Returns how many requests were acknowledged.
size_t close_batch(struct batch* batch);

#endif
