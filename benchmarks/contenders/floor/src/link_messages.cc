#include "link_messages.h"

#include <arpa/inet.h>
#include <linux/veth.h>

namespace contender {
namespace {

void addressMessage(Messages& messages, std::uint16_t type, unsigned int flags, std::uint32_t index,
                    std::uint32_t address) {
  ifaddrmsg header{};
  header.ifa_family = AF_INET;
  header.ifa_prefixlen = 32;
  header.ifa_index = index;
  const std::uint32_t bytes = htonl(address);
  messages.begin(type, flags, header);
  messages.attribute(IFA_LOCAL, bytes);
  messages.attribute(IFA_ADDRESS, bytes);
  messages.end();
}

}  // namespace

void addPair(Messages& messages, const End& here, const End& there, int namespaceFd) {
  ifinfomsg first{};
  first.ifi_index = static_cast<int>(here.index);
  first.ifi_flags = IFF_UP;
  first.ifi_change = IFF_UP;
  ifinfomsg second{};
  second.ifi_index = static_cast<int>(there.index);
  messages.begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, first);
  messages.attribute(IFLA_IFNAME, here.name);
  const std::size_t info = messages.nest(IFLA_LINKINFO);
  messages.attribute(IFLA_INFO_KIND, "veth");
  const std::size_t data = messages.nest(IFLA_INFO_DATA);
  const std::size_t peer = messages.nest(VETH_INFO_PEER, second);
  messages.attribute(IFLA_IFNAME, there.name);
  messages.attribute(IFLA_NET_NS_FD, static_cast<std::uint32_t>(namespaceFd));
  messages.close(peer);
  messages.close(data);
  messages.close(info);
  messages.end();
}

void setUp(Messages& messages, std::uint32_t index) {
  ifinfomsg link{};
  link.ifi_index = static_cast<int>(index);
  link.ifi_flags = IFF_UP;
  link.ifi_change = IFF_UP;
  messages.begin(RTM_SETLINK, 0, link);
  messages.end();
}

void addAddress(Messages& messages, std::uint32_t index, std::uint32_t address) {
  addressMessage(messages, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, index, address);
}

void deleteAddress(Messages& messages, std::uint32_t index, std::uint32_t address) {
  addressMessage(messages, RTM_DELADDR, 0, index, address);
}

void getLink(Messages& messages, const char* name) {
  messages.begin(RTM_GETLINK, 0, ifinfomsg{});
  messages.attribute(IFLA_IFNAME, name);
  messages.end();
}

Messages linkDump() {
  Messages messages;
  messages.begin(RTM_GETLINK, NLM_F_DUMP, ifinfomsg{});
  messages.attribute(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS});
  messages.end();
  return messages;
}

const rtattr* linkAttribute(const nlmsghdr& message, std::uint16_t type) {
  int left = static_cast<int>(IFLA_PAYLOAD(&message));
  const auto* link = static_cast<const ifinfomsg*>(NLMSG_DATA(&message));
  for (const rtattr* attribute = IFLA_RTA(link); RTA_OK(attribute, left);
       attribute = RTA_NEXT(attribute, left)) {
    if (attribute->rta_type == type) return attribute;
  }
  return nullptr;
}

}  // namespace contender
