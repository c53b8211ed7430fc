#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "messages.h"

namespace contender {

/** An rtnetlink socket in the namespace of the thread that opens it. */
class Socket {
 public:
  /** `receiveBuffer` 0 leaves the system's default; `groups` are those of the old bit mask. */
  explicit Socket(int receiveBuffer = kReceiveBuffer, std::uint32_t groups = 0);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int fd() const { return fd_; }

  /** Sends a datagram and waits for the acknowledgement of its last message. An error ends the program. */
  void run(Messages& messages, std::size_t from, std::size_t to);
  /** Everything, in datagrams as large as is useful and of so many messages at most. */
  void run(Messages& messages, std::size_t most = std::numeric_limits<std::size_t>::max());

  void send(std::span<const std::uint8_t> datagram) const;
  /** The next datagram, valid until the following call. An error ends the program. */
  std::span<const std::uint8_t> receive();

  using Visitor = std::function<void(const nlmsghdr&)>;
  /** Sends the one message and gives those of the dump, until it is done. */
  void dump(Messages& request, const Visitor& visit);

 private:
  static constexpr int kReceiveBuffer = 8 << 20;

  int fd_;
  /** How many errors the receive buffer holds: no datagram has more messages. */
  std::size_t most_;
  std::vector<std::uint8_t> scratch_;
};

/** Calls `visit` with each message of a datagram until it gives false; whether it never did. */
template <typename Visit>
bool eachMessage(std::span<const std::uint8_t> datagram, Visit visit) {
  auto left = static_cast<unsigned int>(datagram.size());
  for (auto* message = reinterpret_cast<const nlmsghdr*>(datagram.data()); NLMSG_OK(message, left);
       message = NLMSG_NEXT(message, left)) {
    if (!visit(*message)) return false;
  }
  return true;
}

}  // namespace contender
