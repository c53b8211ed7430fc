#include "route_messages.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <array>

#include "fail.h"

namespace contender {
namespace {

using Address = std::array<std::uint8_t, 16>;

constexpr Address kGateway4{10, 255, 0, 2};
constexpr Address kGateway6{0xfd, 0x00, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};

std::size_t length(std::uint8_t family) {
  return family == AF_INET ? 4 : 16;
}

Address destination(std::uint8_t family, std::uint32_t i) {
  if (family == AF_INET) {
    const std::uint32_t first = (16U << 24) + (i << 8);
    return {static_cast<std::uint8_t>(first >> 24), static_cast<std::uint8_t>(first >> 16),
            static_cast<std::uint8_t>(first >> 8), 0};
  }
  return {0x20,
          0x01,
          0x0d,
          0xb8,
          static_cast<std::uint8_t>(i >> 24),
          static_cast<std::uint8_t>(i >> 16),
          static_cast<std::uint8_t>(i >> 8),
          static_cast<std::uint8_t>(i)};
}

rtmsg header(std::uint8_t family) {
  rtmsg route{};
  route.rtm_family = family;
  route.rtm_dst_len = family == AF_INET ? 24 : 64;
  route.rtm_table = RT_TABLE_MAIN;
  return route;
}

}  // namespace

std::uint32_t linkIndex(const char* name) {
  const std::uint32_t index = ::if_nametoindex(name);
  if (index == 0) fail(name);
  return index;
}

void addRoute(Messages& messages, std::uint8_t family, std::uint32_t i, std::uint32_t link,
              unsigned int flags) {
  rtmsg route = header(family);
  route.rtm_protocol = RTPROT_STATIC;
  route.rtm_scope = RT_SCOPE_UNIVERSE;
  route.rtm_type = RTN_UNICAST;
  const Address to = destination(family, i);
  const Address& gateway = family == AF_INET ? kGateway4 : kGateway6;
  messages.begin(RTM_NEWROUTE, flags, route);
  messages.attribute(RTA_DST, to.data(), length(family));
  messages.attribute(RTA_GATEWAY, gateway.data(), length(family));
  messages.attribute(RTA_OIF, link);
  messages.end();
}

void deleteRoute(Messages& messages, std::uint8_t family, std::uint32_t i) {
  rtmsg route = header(family);
  route.rtm_scope = RT_SCOPE_NOWHERE;
  const Address to = destination(family, i);
  messages.begin(RTM_DELROUTE, 0, route);
  messages.attribute(RTA_DST, to.data(), length(family));
  messages.end();
}

Messages routeDump(std::uint8_t family, std::uint32_t table) {
  rtmsg route{};
  route.rtm_family = family;
  // RTA_TABLE, which holds larger numbers too, is what counts.
  route.rtm_table = RT_TABLE_UNSPEC;
  Messages messages;
  messages.begin(RTM_GETROUTE, NLM_F_DUMP, route);
  messages.attribute(RTA_TABLE, table);
  messages.end();
  return messages;
}

}  // namespace contender
