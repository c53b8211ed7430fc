#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/file_descriptor.h"
#include "core/result.h"

namespace netloom {

struct InetSocketOptions {
  /** `AF_INET` or `AF_INET6`. */
  int family = 0;
  /** `SOCK_STREAM` and so on. */
  int type = 0;
  int protocol = 0;
  /** A numeric address, an IPv6 one perhaps with a `%zone`. */
  std::optional<std::string> address;
  std::uint16_t port = 0;
  bool reuseAddress = false;
  bool reusePort = false;
  std::optional<bool> ipv6Only;
  std::optional<int> backlog;
  std::string device;
  std::optional<std::uint32_t> mark;
  bool transparent = false;
  /** Bytes; 0 is the kernel's default. */
  int receiveBuffer = 0;
};

/** A socket as libuv takes it (non-blocking, close-on-exec), in the namespace of the calling thread. */
[[nodiscard]] Result<FileDescriptor> openInetSocket(const InetSocketOptions& options);

}  // namespace netloom
