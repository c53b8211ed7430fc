// Routes: the struct that one is read into, and the messages.
#ifndef NETLOOM_BENCHMARKS_ROUTE_H
#define NETLOOM_BENCHMARKS_ROUTE_H

#include <libmnl/libmnl.h>
#include <stdint.h>

struct ip_address {
  uint8_t bytes[16];
};

struct route {
  uint8_t family, protocol, scope, type, tos, destination_length;
  uint32_t flags, table, output_link, priority;
  struct ip_address destination, gateway, preferred_source;
};

// Puts a route into a message that has been begun. Its gateway is left out if it is null.
void put_route(struct nlmsghdr* message, int family, const void* destination, uint8_t destination_length,
               const void* gateway, uint32_t output_link);
// Puts the request for the routes of a table.
void put_route_dump(struct nlmsghdr* message, int family, uint32_t table);
void parse_route(const struct nlmsghdr* message, struct route* route);

#endif
