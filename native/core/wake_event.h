#pragma once

#include <sys/eventfd.h>

#include <cstdint>

#include "core/file_descriptor.h"
#include "core/result.h"

namespace netloom {

/** Ends a wait in another thread: once signalled, its descriptor stays readable until `clear`. */
class WakeEvent {
 public:
  static Result<WakeEvent> open() {
    FileDescriptor fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!fd.valid()) return lastError("eventfd");
    return WakeEvent(std::move(fd));
  }

  [[nodiscard]] int fd() const { return fd_.get(); }

  void signal() const {
    const std::uint64_t one = 1;
    // It fails only if the counter is about to overflow, and then it is readable already.
    [[maybe_unused]] const ssize_t written = ::write(fd_.get(), &one, sizeof(one));
  }

  void clear() const {
    std::uint64_t count;
    [[maybe_unused]] const ssize_t got = ::read(fd_.get(), &count, sizeof(count));
  }

  /** Once nobody waits or signals any more. */
  void close() { fd_.reset(); }

 private:
  explicit WakeEvent(FileDescriptor fd) : fd_(std::move(fd)) {}
  FileDescriptor fd_;
};

}  // namespace netloom
