#include "messages.h"

#include <linux/rtnetlink.h>

#include <algorithm>

namespace contender {

void Messages::append(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  bytes_.insert(bytes_.end(), bytes, bytes + size);
  bytes_.resize(NLMSG_ALIGN(bytes_.size()));
}

void Messages::end() {
  const auto length = static_cast<std::uint32_t>(bytes_.size() - start_);
  std::memcpy(bytes_.data() + start_ + offsetof(nlmsghdr, nlmsg_len), &length, sizeof(length));
}

void Messages::attribute(std::uint16_t type, const void* data, std::size_t size) {
  const rtattr header{static_cast<std::uint16_t>(RTA_LENGTH(size)), type};
  append(&header, sizeof(header));
  append(data, size);
}

void Messages::attribute(std::uint16_t type, std::string_view text) {
  std::vector<char> terminated(text.begin(), text.end());
  terminated.push_back('\0');
  attribute(type, terminated.data(), terminated.size());
}

std::size_t Messages::nest(std::uint16_t type) {
  const std::size_t place = bytes_.size();
  const rtattr header{0, type};
  append(&header, sizeof(header));
  return place;
}

void Messages::close(std::size_t nested) {
  const auto length = static_cast<std::uint16_t>(bytes_.size() - nested);
  std::memcpy(bytes_.data() + nested, &length, sizeof(length));
}

std::span<std::uint8_t> Messages::datagram(std::size_t from, std::size_t to) {
  const std::size_t flags = offset(to - 1) + offsetof(nlmsghdr, nlmsg_flags);
  std::uint16_t value = 0;
  std::memcpy(&value, bytes_.data() + flags, sizeof(value));
  value |= NLM_F_ACK;
  std::memcpy(bytes_.data() + flags, &value, sizeof(value));
  return {bytes_.data() + offset(from), offset(to) - offset(from)};
}

std::size_t Messages::fitting(std::size_t from, std::size_t bytes, std::size_t messages) const {
  const std::size_t most = std::min(starts_.size() - from, messages);
  std::size_t taken = 1;
  while (taken < most && offset(from + taken + 1) - offset(from) <= bytes) taken++;
  return taken;
}

}  // namespace contender
