#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace contender {

/** Netlink messages one behind the other, encoded before the clock starts. */
class Messages {
 public:
  /** Begins a message; `end` must follow. `flags` beside NLM_F_REQUEST. */
  template <typename Header>
  void begin(std::uint16_t type, unsigned int flags, const Header& header) {
    start_ = bytes_.size();
    starts_.push_back(start_);
    nlmsghdr message{};
    message.nlmsg_type = type;
    message.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    message.nlmsg_seq = static_cast<std::uint32_t>(starts_.size());
    append(&message, sizeof(message));
    append(&header, sizeof(header));
  }
  void end();

  void attribute(std::uint16_t type, const void* data, std::size_t size);
  void attribute(std::uint16_t type, std::uint32_t value) { attribute(type, &value, sizeof(value)); }
  /** A string with its NUL. */
  void attribute(std::uint16_t type, std::string_view text);
  /** Begins an attribute that holds others, and perhaps a header before them; gives what `close` needs. */
  std::size_t nest(std::uint16_t type);
  template <typename Header>
  std::size_t nest(std::uint16_t type, const Header& header) {
    const std::size_t place = nest(type);
    append(&header, sizeof(header));
    return place;
  }
  void close(std::size_t nested);

  std::span<const std::uint8_t> bytes() const { return bytes_; }
  std::size_t count() const { return starts_.size(); }
  bool empty() const { return starts_.empty(); }

  /** Messages `from` to `to` as one datagram, the last of which asks for an acknowledgement. */
  std::span<std::uint8_t> datagram(std::size_t from, std::size_t to);
  /** How many messages from `from` on fit in so many bytes and in so many messages; 1 at least. */
  std::size_t fitting(std::size_t from, std::size_t bytes, std::size_t messages) const;

 private:
  void append(const void* data, std::size_t size);
  std::size_t offset(std::size_t index) const {
    return index < starts_.size() ? starts_[index] : bytes_.size();
  }

  std::vector<std::uint8_t> bytes_;
  std::vector<std::size_t> starts_;
  std::size_t start_ = 0;
};

}  // namespace contender
