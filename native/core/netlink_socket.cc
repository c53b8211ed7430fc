#include "core/netlink_socket.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include "core/socket_buffer.h"

namespace netloom {
namespace {

#ifndef SOL_NETLINK
constexpr int SOL_NETLINK = 270;
#endif

Result<std::size_t> getBuffer(int fd, int option) {
  int bytes = 0;
  socklen_t length = sizeof(bytes);
  if (::getsockopt(fd, SOL_SOCKET, option, &bytes, &length) != 0) return lastError("getsockopt");
  return static_cast<std::size_t>(bytes);
}

}  // namespace

Result<NetlinkSocket> NetlinkSocket::open(const NetlinkSocketOptions& options) {
  FileDescriptor owned(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, options.protocol));
  if (!owned.valid()) return lastError("socket");
  const int fd = owned.get();

  const int on = 1;
  for (const int option : {NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK}) {
    if (::setsockopt(fd, SOL_NETLINK, option, &on, sizeof(on)) != 0) return lastError("setsockopt");
  }
  if (Status set = setReceiveBuffer(fd, options.receiveBuffer); !set.ok()) return set.error();
  if (Status set = setSendBuffer(fd, options.sendBuffer); !set.ok()) return set.error();

  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return lastError("bind");
  return adopt(std::move(owned));
}

Result<NetlinkSocket> NetlinkSocket::adopt(FileDescriptor owned) {
  NetlinkSocket self;
  self.fd_ = std::move(owned);
  const int fd = self.fd();
  sockaddr_nl address{};
  socklen_t length = sizeof(address);
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return lastError("getsockname");
  self.portId_ = address.nl_pid;

  Result<std::size_t> receiveBuffer = getBuffer(fd, SO_RCVBUF);
  if (!receiveBuffer.ok()) return receiveBuffer.error();
  self.receiveBuffer_ = receiveBuffer.value();
  Result<std::size_t> sendBuffer = getBuffer(fd, SO_SNDBUF);
  if (!sendBuffer.ok()) return sendBuffer.error();
  self.sendBuffer_ = sendBuffer.value();
  return self;
}

Status NetlinkSocket::joinGroup(std::uint32_t group) const {
  if (::setsockopt(fd(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) != 0) {
    return lastError("setsockopt");
  }
  return success();
}

int NetlinkSocket::send(Bytes datagram) const {
  for (;;) {
    if (::send(fd(), datagram.data(), datagram.size(), MSG_NOSIGNAL) >= 0) return 0;
    if (errno != EINTR) return errno;
  }
}

NetlinkSocket::Received NetlinkSocket::receive(std::uint8_t* into, std::size_t room) const {
  for (;;) {
    sockaddr_nl from{};
    socklen_t fromLength = sizeof(from);
    const ssize_t length = ::recvfrom(fd(), into, room, MSG_DONTWAIT | MSG_TRUNC,
                                      reinterpret_cast<sockaddr*>(&from), &fromLength);
    if (length >= 0) {
      if (from.nl_pid != 0) continue;
      return {0, static_cast<std::size_t>(length)};
    }
    if (errno != EINTR) return {errno, 0};
  }
}

}  // namespace netloom
