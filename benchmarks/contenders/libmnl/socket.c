#define _GNU_SOURCE
#include "socket.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../measure/measure.h"

// The largest datagram of a dump.
enum { kDumpBytes = 32768 };

struct mnl_socket* open_socket(void) {
  struct mnl_socket* socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
  if (socket == NULL) fail_errno("mnl_socket_open2");
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) fail_errno("mnl_socket_bind");
  // Dumps are filtered by the kernel.
  int on = 1;
  if (mnl_socket_setsockopt(socket, NETLINK_GET_STRICT_CHK, &on, sizeof on) < 0) {
    fail_errno("NETLINK_GET_STRICT_CHK");
  }
  return socket;
}

struct mnl_socket* open_socket_in(int namespace) {
  const int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (own < 0) fail_errno("/proc/thread-self/ns/net");
  if (setns(namespace, CLONE_NEWNET) != 0) fail_errno("setns");
  struct mnl_socket* socket = open_socket();
  if (setns(own, CLONE_NEWNET) != 0) fail_errno("setns");
  close(own);
  return socket;
}

struct nlmsghdr* begin_message(void* buffer, uint16_t type, uint16_t flags, uint32_t sequence) {
  struct nlmsghdr* message = mnl_nlmsg_put_header(buffer);
  message->nlmsg_type = type;
  message->nlmsg_flags = NLM_F_REQUEST | flags;
  message->nlmsg_seq = sequence;
  return message;
}

void send_message(struct mnl_socket* socket, const struct nlmsghdr* message) {
  if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0) fail_errno("mnl_socket_sendto");
}

int receive(struct mnl_socket* socket, uint32_t sequence, mnl_cb_t callback, void* data) {
  char buffer[kDumpBytes];
  const ssize_t bytes = mnl_socket_recvfrom(socket, buffer, sizeof buffer);
  if (bytes < 0) fail_errno("mnl_socket_recvfrom");
  const int more = mnl_cb_run(buffer, (size_t)bytes, sequence, mnl_socket_get_portid(socket), callback, data);
  if (more < 0) fail_errno("request %u", sequence);
  return more;
}

void request(struct mnl_socket* socket, const struct nlmsghdr* message, mnl_cb_t callback, void* data) {
  send_message(socket, message);
  while (receive(socket, message->nlmsg_seq, callback, data) > 0) {
  }
}

struct batch open_batch(struct mnl_socket* socket) {
  struct batch batch = {.socket = socket};
  // The last message of a batch, which fits no more, goes over the limit.
  const size_t limit = (size_t)MNL_SOCKET_BUFFER_SIZE;
  batch.buffer = malloc(2 * limit);
  if (batch.buffer != NULL) batch.messages = mnl_nlmsg_batch_start(batch.buffer, limit);
  if (batch.messages == NULL) fail_errno("mnl_nlmsg_batch_start");
  return batch;
}

struct nlmsghdr* begin_in_batch(struct batch* batch, uint16_t type, uint16_t flags) {
  return begin_message(mnl_nlmsg_batch_current(batch->messages), type, NLM_F_ACK | flags, ++batch->sequence);
}

static void send_batch(struct batch* batch) {
  const void* head = mnl_nlmsg_batch_head(batch->messages);
  if (mnl_socket_sendto(batch->socket, head, mnl_nlmsg_batch_size(batch->messages)) < 0) {
    fail_errno("mnl_socket_sendto");
  }
  for (; batch->pending > 0; --batch->pending) receive(batch->socket, ++batch->done, NULL, NULL);
}

void end_in_batch(struct batch* batch) {
  if (mnl_nlmsg_batch_next(batch->messages)) {
    ++batch->pending;
    return;
  }
  send_batch(batch);
  // Moves the message that didn't fit to the front.
  mnl_nlmsg_batch_reset(batch->messages);
  batch->pending = 1;
}

size_t close_batch(struct batch* batch) {
  if (!mnl_nlmsg_batch_is_empty(batch->messages)) send_batch(batch);
  mnl_nlmsg_batch_stop(batch->messages);
  free(batch->buffer);
  return batch->done;
}
