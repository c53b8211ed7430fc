#pragma once

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/buffer.h"
#include "core/message.h"

namespace netloom::test {

/** A message with its fixed part and attributes, padded. */
class RequestBuilder {
 public:
  RequestBuilder(std::uint16_t type, int flags) {
    header_.nlmsg_type = type;
    header_.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  }

  template <class Struct>
  RequestBuilder& fixed(const Struct& value) {
    append(&value, sizeof(value));
    return *this;
  }
  RequestBuilder& attribute(std::uint16_t type, const void* data, std::size_t length) {
    const nlattr header{static_cast<std::uint16_t>(sizeof(nlattr) + length), type};
    append(&header, sizeof(header));
    append(data, length);
    return *this;
  }
  RequestBuilder& number(std::uint16_t type, std::uint32_t value) {
    return attribute(type, &value, sizeof(value));
  }
  RequestBuilder& text(std::uint16_t type, const std::string& value) {
    return attribute(type, value.c_str(), value.size() + 1);
  }
  [[nodiscard]] std::vector<std::uint8_t> bytes() const {
    nlmsghdr header = header_;
    header.nlmsg_len = static_cast<std::uint32_t>(kHeaderLength + payload_.size());
    std::vector<std::uint8_t> all(header.nlmsg_len);
    std::memcpy(all.data(), &header, sizeof(header));
    if (!payload_.empty()) std::memcpy(all.data() + kHeaderLength, payload_.data(), payload_.size());
    return all;
  }

 private:
  void append(const void* data, std::size_t length) {
    const auto* const bytes = static_cast<const std::uint8_t*>(data);
    payload_.insert(payload_.end(), bytes, bytes + length);
    payload_.resize(alignMessage(payload_.size()));
  }
  nlmsghdr header_{};
  std::vector<std::uint8_t> payload_;
};

inline std::vector<std::uint8_t> getLink(int index) {
  ifinfomsg link{};
  link.ifi_index = index;
  return RequestBuilder(RTM_GETLINK, 0).fixed(link).bytes();
}

inline std::vector<std::uint8_t> setLinkUp(int index) {
  ifinfomsg link{};
  link.ifi_index = index;
  link.ifi_flags = IFF_UP;
  link.ifi_change = IFF_UP;
  return RequestBuilder(RTM_NEWLINK, 0).fixed(link).bytes();
}

/** The blackhole route to 10.x.x.x/32, of which there can be millions without any link. */
inline std::vector<std::uint8_t> newRoute(std::uint32_t number, int flags = NLM_F_CREATE | NLM_F_EXCL) {
  rtmsg route{};
  route.rtm_family = AF_INET;
  route.rtm_dst_len = 32;
  route.rtm_table = RT_TABLE_MAIN;
  route.rtm_protocol = RTPROT_STATIC;
  route.rtm_type = RTN_BLACKHOLE;
  return RequestBuilder(RTM_NEWROUTE, flags)
      .fixed(route)
      .number(RTA_DST, htonl(0x0a000000U + number))
      .bytes();
}

inline std::vector<std::uint8_t> dumpRoutes() {
  rtmsg route{};
  route.rtm_family = AF_INET;
  return RequestBuilder(RTM_GETROUTE, NLM_F_DUMP).fixed(route).bytes();
}

inline std::vector<std::uint8_t> dumpLinks() {
  return RequestBuilder(RTM_GETLINK, NLM_F_DUMP).fixed(ifinfomsg{}).bytes();
}

/** The same request, or `make(index)`, many times in one buffer. */
template <class Make>
Buffer many(std::uint32_t count, Make make) {
  std::vector<std::uint8_t> all;
  for (std::uint32_t index = 0; index < count; index++) {
    const std::vector<std::uint8_t> each = make(index);
    all.insert(all.end(), each.begin(), each.end());
  }
  return Buffer::copyOf(all);
}

inline Buffer single(const std::vector<std::uint8_t>& request) {
  return Buffer::copyOf(request);
}

/** The messages in a reply, for tests to look at. */
inline std::vector<Message> messagesIn(Bytes bytes) {
  std::vector<Message> messages;
  MessageReader reader(bytes);
  while (const std::optional<Message> message = reader.next()) messages.push_back(*message);
  return messages;
}

}  // namespace netloom::test
