#include "socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "fail.h"

namespace contender {
namespace {

// From some 16 messages a datagram on it goes as fast as it can; more bytes than these gain nothing.
constexpr std::size_t kDatagramBytes = std::size_t{64} * 1024;
// The kernel fills datagrams of a dump up to 32,436 bytes if there is room for them.
constexpr std::size_t kScratchBytes = std::size_t{64} * 1024;
// What an acknowledgement without the request takes of the receive buffer (Linux 6.18).
constexpr std::size_t kBytesPerAnswer = 832;

}  // namespace

Socket::Socket(int receiveBuffer, std::uint32_t groups)
    : fd_(check(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket")),
      scratch_(kScratchBytes) {
  const int on = 1;
  for (const int option : {NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK}) {
    check(::setsockopt(fd_, SOL_NETLINK, option, &on, sizeof(on)), "setsockopt");
  }
  // Forcing is refused inside a user namespace; then the system's limit holds.
  if (receiveBuffer > 0 &&
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &receiveBuffer, sizeof(receiveBuffer)) != 0) {
    check(::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof(receiveBuffer)), "setsockopt");
  }
  int actual = 0;
  socklen_t length = sizeof(actual);
  check(::getsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &actual, &length), "getsockopt");
  most_ = static_cast<std::size_t>(actual) / kBytesPerAnswer;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = groups;
  check(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), "bind");
}

Socket::~Socket() {
  ::close(fd_);
}

void Socket::send(std::span<const std::uint8_t> datagram) const {
  check(::send(fd_, datagram.data(), datagram.size(), 0), "send");
}

std::span<const std::uint8_t> Socket::receive() {
  const ssize_t length = check(::recv(fd_, scratch_.data(), scratch_.size(), MSG_TRUNC), "recv");
  if (static_cast<std::size_t>(length) > scratch_.size()) fail("a datagram is too large", 0);
  return {scratch_.data(), static_cast<std::size_t>(length)};
}

void Socket::run(Messages& messages, std::size_t from, std::size_t to) {
  send(messages.datagram(from, to));
  for (bool acknowledged = false; !acknowledged;) {
    eachMessage(receive(), [&](const nlmsghdr& message) {
      if (message.nlmsg_type != NLMSG_ERROR) return true;
      const auto* answer = static_cast<const nlmsgerr*>(NLMSG_DATA(&message));
      if (answer->error != 0) fail("the kernel refused a request", -answer->error);
      acknowledged = true;
      return false;
    });
  }
}

void Socket::run(Messages& messages, std::size_t most) {
  for (std::size_t from = 0; from < messages.count();) {
    const std::size_t to = from + messages.fitting(from, kDatagramBytes, std::min(most, most_));
    run(messages, from, to);
    from = to;
  }
}

void Socket::dump(Messages& request, const Visitor& visit) {
  // A dump is ended by NLMSG_DONE; asked for as well, an acknowledgement would come before it.
  send(request.bytes());
  const auto take = [&](const nlmsghdr& message) {
    if (message.nlmsg_type == NLMSG_DONE || message.nlmsg_type == NLMSG_ERROR) {
      int error = 0;
      std::memcpy(&error, NLMSG_DATA(&message), sizeof(error));
      if (error != 0) fail("the dump failed", -error);
      return false;
    }
    visit(message);
    return true;
  };
  while (eachMessage(receive(), take)) continue;
}

}  // namespace contender
