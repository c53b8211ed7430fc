// The operations on links.
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../measure/measure.h"
#include "link.h"
#include "operations.h"
#include "socket.h"

static const char* name(char prefix, long i) {
  static char text[24];
  snprintf(text, sizeof text, "%c%ld", prefix, i);
  return text;
}

static size_t create_pairs(struct mnl_socket* socket, long count, int namespace) {
  struct batch batch = open_batch(socket);
  for (long i = 0; i < count; ++i) {
    struct nlmsghdr* message = begin_in_batch(&batch, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    put_link(message, 0, true, name('v', i));
    put_veth(message, name('p', i), namespace);
    end_in_batch(&batch);
  }
  return close_batch(&batch);
}

struct indexes {
  long count;
  uint32_t* of;
};

static int store_index(const struct nlmsghdr* message, void* data) {
  const struct indexes* indexes = data;
  struct link link;
  parse_link(message, &link);
  long i;
  if (sscanf(link.name, "p%ld", &i) == 1 && i >= 0 && i < indexes->count) {
    indexes->of[i] = (uint32_t)link.index;
  }
  return MNL_CB_OK;
}

// The indexes of the second ends, from one dump.
static uint32_t* read_indexes(struct mnl_socket* socket, long count) {
  struct indexes indexes = {.count = count, .of = calloc((size_t)count + 1, sizeof *indexes.of)};
  if (indexes.of == NULL) fail_errno("calloc");
  char buffer[256];
  struct nlmsghdr* message = begin_message(buffer, RTM_GETLINK, NLM_F_DUMP, 1);
  put_link(message, 0, false, NULL);
  request(socket, message, store_index, &indexes);
  return indexes.of;
}

static void configure_ends(struct mnl_socket* socket, long count) {
  uint32_t* indexes = read_indexes(socket, count);
  struct batch batch = open_batch(socket);
  for (long i = 0; i < count; ++i) {
    const uint8_t address[4] = {10, 200, (uint8_t)(i >> 8), (uint8_t)i};
    put_link(begin_in_batch(&batch, RTM_NEWLINK, 0), (int)indexes[i], true, NULL);
    end_in_batch(&batch);
    put_address(begin_in_batch(&batch, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL), indexes[i], address);
    end_in_batch(&batch);
  }
  close_batch(&batch);
  free(indexes);
}

void veth_add(void) {
  const long count = number("count");
  const char* path = text("namespace");
  begin();
  const double start = now();
  const int namespace = open(path, O_RDONLY | O_CLOEXEC);
  if (namespace < 0) fail_errno("%s", path);
  struct mnl_socket* here = open_socket();
  report_count(create_pairs(here, count, namespace));
  const double created = now();
  struct mnl_socket* there = open_socket_in(namespace);
  configure_ends(there, count);
  report_seconds("configure", now() - created);
  report_seconds("create", created - start);
  end();
  mnl_socket_close(there);
  mnl_socket_close(here);
  close(namespace);
}

void veth_delete(void) {
  const long count = number("count");
  begin();
  const double start = now();
  struct mnl_socket* socket = open_socket();
  struct batch batch = open_batch(socket);
  for (long i = 0; i < count; ++i) {
    put_link(begin_in_batch(&batch, RTM_DELLINK, 0), 0, false, name('v', i));
    end_in_batch(&batch);
  }
  report_count(close_batch(&batch));
  report_seconds("delete", now() - start);
  end();
  mnl_socket_close(socket);
}

static void ask(struct mnl_socket* socket, uint32_t sequence) {
  char buffer[256];
  struct nlmsghdr* message = begin_message(buffer, RTM_GETLINK, 0, sequence);
  put_link(message, 0, false, "wire0");
  send_message(socket, message);
}

static void hear(struct mnl_socket* socket, uint32_t sequence) {
  struct link link;
  receive(socket, sequence, read_link, &link);
  if (strcmp(link.name, "wire0") != 0) fail("asked for wire0, got %s", link.name);
}

void link_get(void) {
  const long count = number("count");
  double* samples = report_samples("get", (size_t)count);
  begin();
  struct mnl_socket* socket = open_socket();
  for (long i = 0; i < count; ++i) {
    const double start = now();
    ask(socket, (uint32_t)i + 1);
    hear(socket, (uint32_t)i + 1);
    samples[i] = (now() - start) * 1e6;
  }
  end();
  mnl_socket_close(socket);
  report_count((size_t)count);
}

// The kernel answers in order.
void link_get_concurrent(void) {
  const long count = number("count");
  const long concurrency = number("concurrency");
  begin();
  const double start = now();
  struct mnl_socket* socket = open_socket();
  long asked = 0;
  for (; asked < count && asked < concurrency; ++asked) ask(socket, (uint32_t)asked + 1);
  for (long heard = 0; heard < count; ++heard) {
    hear(socket, (uint32_t)heard + 1);
    if (asked < count) ask(socket, (uint32_t)++asked);
  }
  report_seconds("get", now() - start);
  end();
  mnl_socket_close(socket);
  report_count((size_t)count);
}
