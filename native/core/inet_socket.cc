#include "core/inet_socket.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>

#include "core/socket_buffer.h"

namespace netloom {
namespace {

Status setOption(int fd, int level, int name, int value) {
  if (::setsockopt(fd, level, name, &value, sizeof(value)) != 0) return lastError("setsockopt");
  return success();
}

Status bindTo(int fd, const InetSocketOptions& options) {
  std::string host = *options.address;
  if (options.family == AF_INET) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options.port);
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return Error{EINVAL, "inet_pton"};
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
      return lastError("bind");
    return success();
  }
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(options.port);
  if (const std::size_t percent = host.find('%'); percent != std::string::npos) {
    const std::string zone = host.substr(percent + 1);
    host.resize(percent);
    address.sin6_scope_id = ::if_nametoindex(zone.c_str());
    if (address.sin6_scope_id == 0) {
      char* end = nullptr;
      address.sin6_scope_id = static_cast<std::uint32_t>(std::strtoul(zone.c_str(), &end, 10));
      if (zone.empty() || *end != '\0') return Error{ENODEV, "if_nametoindex"};
    }
  }
  if (::inet_pton(AF_INET6, host.c_str(), &address.sin6_addr) != 1) return Error{EINVAL, "inet_pton"};
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) return lastError("bind");
  return success();
}

Status configure(int fd, const InetSocketOptions& options) {
  const bool six = options.family == AF_INET6;
  if (options.reuseAddress) {
    if (Status set = setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1); !set.ok()) return set;
  }
  if (options.reusePort) {
    if (Status set = setOption(fd, SOL_SOCKET, SO_REUSEPORT, 1); !set.ok()) return set;
  }
  if (six && options.ipv6Only) {
    if (Status set = setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, *options.ipv6Only ? 1 : 0); !set.ok())
      return set;
  }
  if (!options.device.empty()) {
    const auto length = static_cast<socklen_t>(options.device.size());
    if (::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, options.device.data(), length) != 0) {
      return lastError("setsockopt");
    }
  }
  if (options.mark) {
    if (::setsockopt(fd, SOL_SOCKET, SO_MARK, &*options.mark, sizeof(*options.mark)) != 0) {
      return lastError("setsockopt");
    }
  }
  if (options.transparent) {
    Status set =
        six ? setOption(fd, IPPROTO_IPV6, IPV6_TRANSPARENT, 1) : setOption(fd, IPPROTO_IP, IP_TRANSPARENT, 1);
    if (!set.ok()) return set;
  }
  // Before it is bound: what arrives from then on finds room.
  if (Status set = setReceiveBuffer(fd, options.receiveBuffer); !set.ok()) return set;
  if (options.address) {
    if (Status bound = bindTo(fd, options); !bound.ok()) return bound;
  }
  if (options.backlog && ::listen(fd, *options.backlog) != 0) return lastError("listen");
  return success();
}

}  // namespace

Result<FileDescriptor> openInetSocket(const InetSocketOptions& options) {
  FileDescriptor fd(::socket(options.family, options.type | SOCK_CLOEXEC | SOCK_NONBLOCK, options.protocol));
  if (!fd.valid()) return lastError("socket");
  if (Status configured = configure(fd.get(), options); !configured.ok()) return configured.error();
  return fd;
}

}  // namespace netloom
