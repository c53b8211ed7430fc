#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "core/file_descriptor.h"
#include "core/result.h"

namespace netloom {

struct TunOptions {
  /** May be empty or hold `%d`. */
  std::string name;
  /** The whole `ifr_flags`: `IFF_TUN` or `IFF_TAP`, and the others. */
  short flags = 0;
  std::optional<uid_t> owner;
  std::optional<gid_t> group;
  bool persist = false;
};

struct Tun {
  /** The name that it got. */
  std::string name;
  FileDescriptor fd;
};

/** Makes a tun or tap link, or attaches to one, in the namespace of the calling thread. */
[[nodiscard]] Result<Tun> openTun(const TunOptions& options);

}  // namespace netloom
