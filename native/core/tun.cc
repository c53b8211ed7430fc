#include "core/tun.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include <cstring>

namespace netloom {
namespace {

constexpr const char* kDevice = "/dev/net/tun";

}  // namespace

Result<Tun> openTun(const TunOptions& options) {
  if (options.name.size() >= IFNAMSIZ) return Error{ENAMETOOLONG, "ioctl", kDevice};
  // The link appears in the namespace in which the device was opened.
  FileDescriptor fd(::open(kDevice, O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) return lastError("open", kDevice);
  ifreq request{};
  std::memcpy(request.ifr_name, options.name.data(), options.name.size());
  request.ifr_flags = options.flags;
  if (::ioctl(fd.get(), TUNSETIFF, &request) != 0) return lastError("ioctl", kDevice);
  if (options.owner && ::ioctl(fd.get(), TUNSETOWNER, static_cast<unsigned long>(*options.owner)) != 0) {
    return lastError("ioctl", kDevice);
  }
  if (options.group && ::ioctl(fd.get(), TUNSETGROUP, static_cast<unsigned long>(*options.group)) != 0) {
    return lastError("ioctl", kDevice);
  }
  // The last step: without it the link goes with the descriptor, also when a step failed.
  if (options.persist && ::ioctl(fd.get(), TUNSETPERSIST, 1UL) != 0) return lastError("ioctl", kDevice);
  return Tun{request.ifr_name, std::move(fd)};
}

}  // namespace netloom
