#pragma once

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cstdint>
#include <string>

#include "messages.h"

namespace contender {

/** One end of a pair: its name, and its index, which the caller knows to be free. */
struct End {
  std::string name;
  std::uint32_t index;
};

/** A pair: the first end here and up, the second in the namespace of the descriptor. */
void addPair(Messages& messages, const End& here, const End& there, int namespaceFd);
void setUp(Messages& messages, std::uint32_t index);
/** An IPv4 address as a /32; `address` in host order. */
void addAddress(Messages& messages, std::uint32_t index, std::uint32_t address);
void deleteAddress(Messages& messages, std::uint32_t index, std::uint32_t address);
void getLink(Messages& messages, const char* name);
/** The request for all links, without their counters. */
Messages linkDump();

/** An attribute of a link's message, or null. */
const rtattr* linkAttribute(const nlmsghdr& message, std::uint16_t type);

}  // namespace contender
