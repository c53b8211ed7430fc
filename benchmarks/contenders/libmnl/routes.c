// The operations on routes.
#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "../../measure/measure.h"
#include "link.h"
#include "operations.h"
#include "route.h"
#include "socket.h"

static struct ip_address address(int family, const char* text) {
  struct ip_address result = {{0}};
  if (inet_pton(family, text, result.bytes) != 1) fail("%s is no address", text);
  return result;
}

static struct ip_address gateway(int family) {
  return address(family, family == AF_INET ? "10.255.0.2" : "fd00:ffff::2");
}

// Where route number `i` goes.
static struct ip_address destination(int family, long i) {
  struct ip_address result = {{(uint8_t)(16 + (i >> 16))}};
  const uint32_t number = htonl(family == AF_INET ? (uint32_t)i << 8 : (uint32_t)i);
  if (family == AF_INET6) result = (struct ip_address){{0x20, 0x01, 0x0d, 0xb8}};
  if (family == AF_INET6) memcpy(result.bytes + 4, &number, 4);
  if (family == AF_INET) memcpy(result.bytes + 1, (const uint8_t*)&number + 1, 3);
  return result;
}

static uint8_t destination_length(int family) {
  return family == AF_INET ? 24 : 64;
}

static void routes(uint16_t type, uint16_t flags, const char* part) {
  const int of = family();
  const long count = number("count");
  const struct ip_address by = gateway(of);
  begin();
  const double start = now();
  struct mnl_socket* socket = open_socket();
  const uint32_t link = index_of(socket, "wire0");
  struct batch batch = open_batch(socket);
  for (long i = 0; i < count; ++i) {
    const struct ip_address to = destination(of, i);
    put_route(begin_in_batch(&batch, type, flags), of, &to, destination_length(of), &by, link);
    end_in_batch(&batch);
  }
  report_count(close_batch(&batch));
  report_seconds(part, now() - start);
  end();
  mnl_socket_close(socket);
}

void routes_add(void) {
  routes(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, "add");
}

void routes_delete(void) {
  routes(RTM_DELROUTE, 0, "delete");
}

void route_add(void) {
  const long count = number("count");
  const struct ip_address by = gateway(AF_INET);
  double* samples = report_samples("add", (size_t)count);
  begin();
  struct mnl_socket* socket = open_socket();
  const uint32_t link = index_of(socket, "wire0");
  for (long i = 0; i < count; ++i) {
    const double start = now();
    const struct ip_address to = destination(AF_INET, i);
    char buffer[256];
    struct nlmsghdr* message =
        begin_message(buffer, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, (uint32_t)i + 1);
    put_route(message, AF_INET, &to, destination_length(AF_INET), &by, link);
    request(socket, message, NULL, NULL);
    samples[i] = (now() - start) * 1e6;
  }
  end();
  mnl_socket_close(socket);
  report_count((size_t)count);
}

static void dump(struct mnl_socket* socket, int family, uint32_t table, uint32_t sequence, mnl_cb_t callback,
                 void* data) {
  char buffer[256];
  struct nlmsghdr* message = begin_message(buffer, RTM_GETROUTE, NLM_F_DUMP, sequence);
  put_route_dump(message, family, table);
  request(socket, message, callback, data);
}

struct list {
  struct route* routes;
  size_t count;
  size_t capacity;
};

static int keep(const struct nlmsghdr* message, void* data) {
  struct list* list = data;
  if (list->count == list->capacity) {
    list->capacity = list->capacity == 0 ? 1024 : 2 * list->capacity;
    list->routes = realloc(list->routes, list->capacity * sizeof *list->routes);
    if (list->routes == NULL) fail_errno("realloc");
  }
  parse_route(message, &list->routes[list->count++]);
  return MNL_CB_OK;
}

void routes_list(void) {
  const int of = family();
  const struct ip_address by = gateway(of);
  struct list list = {0};
  begin();
  const double start = now();
  struct mnl_socket* socket = open_socket();
  dump(socket, of, RT_TABLE_MAIN, 1, keep, &list);
  report_seconds("list", now() - start);
  end();
  mnl_socket_close(socket);
  size_t count = 0;
  for (size_t i = 0; i < list.count; ++i) count += memcmp(&list.routes[i].gateway, &by, sizeof by) == 0;
  free(list.routes);
  report_count(count);
}

struct look {
  struct ip_address by;
  size_t count;
};

static int look_at(const struct nlmsghdr* message, void* data) {
  struct look* look = data;
  struct route route;
  parse_route(message, &route);
  look->count += route.destination_length > 0 && memcmp(&route.gateway, &look->by, sizeof look->by) == 0;
  return MNL_CB_OK;
}

void routes_stream(void) {
  const int of = family();
  struct look look = {.by = gateway(of)};
  begin();
  const double start = now();
  struct mnl_socket* socket = open_socket();
  dump(socket, of, RT_TABLE_MAIN, 1, look_at, &look);
  report_seconds("stream", now() - start);
  end();
  mnl_socket_close(socket);
  report_count(look.count);
}

void routes_table(void) {
  const int of = family();
  const uint32_t table = (uint32_t)number("table");
  const long repeat = number("repeat");
  double* samples = report_samples("table", (size_t)repeat);
  size_t count = 0;
  begin();
  struct mnl_socket* socket = open_socket();
  for (long i = 0; i < repeat; ++i) {
    const double start = now();
    struct list list = {0};
    dump(socket, of, table, (uint32_t)i + 1, keep, &list);
    count += list.count;
    free(list.routes);
    samples[i] = (now() - start) * 1e6;
  }
  end();
  mnl_socket_close(socket);
  report_count(count);
}
