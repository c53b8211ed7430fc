// Links: the struct that one is read into, and the messages.
#ifndef NETLOOM_BENCHMARKS_LINK_H
#define NETLOOM_BENCHMARKS_LINK_H

#include <libmnl/libmnl.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct link {
  int index, peer_index;
  unsigned flags;
  uint16_t type;
  uint32_t mtu, group, queue_length;
  uint8_t operational_state, address_length;
  uint8_t address[32];
  char name[IF_NAMESIZE];
  char kind[16];
};

// Puts a link's header, with its name unless that is null.
void put_link(struct nlmsghdr* message, int index, bool up, const char* name);
// Puts what makes the link of a message a veth, whose other end has a name and is in a namespace.
void put_veth(struct nlmsghdr* message, const char* peer, int namespace);
void put_address(struct nlmsghdr* message, uint32_t link, const uint8_t address[4]);
void parse_link(const struct nlmsghdr* message, struct link* link);

// A callback for `request`, which stores the link.
int read_link(const struct nlmsghdr* message, void* link);
uint32_t index_of(struct mnl_socket* socket, const char* name);

#endif
