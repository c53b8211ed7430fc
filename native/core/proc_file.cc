#include "core/proc_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/file_descriptor.h"

namespace netloom {
namespace {

/** More than any sysctl; a table such as `/proc/net/route` of a full routing table is beyond it. */
constexpr std::size_t kLargestFile = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kStep = 4096;
constexpr std::string_view kNet = "/proc/net/";
constexpr std::string_view kSelfNet = "/proc/self/net/";

std::string ofThisThread(const std::string& path) {
  for (const std::string_view prefix : {kNet, kSelfNet}) {
    if (path.starts_with(prefix)) return "/proc/thread-self/net/" + path.substr(prefix.size());
  }
  return path;
}

}  // namespace

Result<std::string> readProcFile(const std::string& path) {
  const FileDescriptor fd(::open(ofThisThread(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.valid()) return lastError("open", path);
  std::string content;
  for (;;) {
    const std::size_t used = content.size();
    if (used >= kLargestFile) return Error{EFBIG, "read", path};
    content.resize(used + kStep);
    const ssize_t got = ::read(fd.get(), content.data() + used, kStep);
    if (got < 0 && errno != EINTR) return lastError("read", path);
    content.resize(used + static_cast<std::size_t>(got < 0 ? 0 : got));
    if (got == 0) return content;
  }
}

Status writeProcFile(const std::string& path, std::string_view content) {
  const FileDescriptor fd(::open(ofThisThread(path).c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.valid()) return lastError("open", path);
  for (;;) {
    const ssize_t written = ::write(fd.get(), content.data(), content.size());
    if (written == static_cast<ssize_t>(content.size())) return success();
    if (written >= 0) return Error{EIO, "write", path};
    if (errno != EINTR) return lastError("write", path);
  }
}

}  // namespace netloom
