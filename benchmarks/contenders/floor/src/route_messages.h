#pragma once

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cstdint>

#include "messages.h"

namespace contender {

/** The route that tells a follower that there will be no more events; in no other operation's range. */
constexpr std::uint32_t kLastRoute = 0xc00000;
/** 208.0.0.0, as it lies in a message. */
constexpr std::uint8_t kLastDestination[4] = {208, 0, 0, 0};

/** The index of a link of this namespace. */
std::uint32_t linkIndex(const char* name);

/** Adds route number i of the family, out of the link, to the messages. `flags`: NLM_F_CREATE and so on. */
void addRoute(Messages& messages, std::uint8_t family, std::uint32_t i, std::uint32_t link,
              unsigned int flags = NLM_F_CREATE | NLM_F_EXCL);
void deleteRoute(Messages& messages, std::uint8_t family, std::uint32_t i);

/** The request for the routes of a table. */
Messages routeDump(std::uint8_t family, std::uint32_t table);

/** A message of a dump or of a group is a route that somebody added, and not one of the kernel's own. */
inline bool isAddedRoute(const nlmsghdr& message) {
  return message.nlmsg_type == RTM_NEWROUTE &&
         static_cast<const rtmsg*>(NLMSG_DATA(&message))->rtm_protocol != RTPROT_KERNEL;
}

}  // namespace contender
