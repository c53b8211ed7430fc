#pragma once

#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "core/buffer.h"

namespace netloom {

/** Netlink pads messages and attributes to 4 bytes. */
constexpr std::size_t alignMessage(std::size_t length) {
  return (length + 3) & ~std::size_t{3};
}

constexpr std::size_t kHeaderLength = sizeof(nlmsghdr);

/** One whole message; its header has been checked against the bytes there are. */
struct Message {
  nlmsghdr header;
  /** Header and payload, without the padding behind them. */
  Bytes bytes;

  [[nodiscard]] Bytes payload() const { return bytes.subspan(kHeaderLength); }
};

/** Walks the messages of a datagram, whatever is in it: nothing is read past its end. */
class MessageReader {
 public:
  explicit MessageReader(Bytes bytes) : rest_(bytes) {}

  /** The next whole message; nothing at the end, or where the bytes stop making sense. */
  [[nodiscard]] std::optional<Message> next();

  /** True once `next` gave up before the end. */
  [[nodiscard]] bool malformed() const { return !rest_.empty(); }

 private:
  Bytes rest_;
};

/** Pads the last message in a buffer, whose capacity is a multiple of 4, so that another can follow. */
void padMessages(Buffer& buffer);

/** The content of an `NLMSG_ERROR`: the acknowledgement of one request. */
struct Acknowledgement {
  /** 0, or the negative errno. */
  std::int32_t code;
  /** The extended acknowledgement attributes, if there are any. */
  Bytes attributes;
};

/** Reads an `NLMSG_ERROR` message; nothing when it is too short. */
[[nodiscard]] std::optional<Acknowledgement> parseAcknowledgement(const Message& message);

/** The errno in an `NLMSG_DONE` message: 0 or negative. An empty one is a success. */
[[nodiscard]] std::int32_t parseDone(const Message& message);

}  // namespace netloom
