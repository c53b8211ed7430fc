#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/file_descriptor.h"
#include "core/result.h"

namespace netloom {

/** An open network namespace. */
class NetworkNamespace {
 public:
  /** The one that the calling thread is in now. */
  static Result<NetworkNamespace> current();
  /** The one of the main thread of this process. */
  static Result<NetworkNamespace> ofProcess();
  /** Opens a namespace file; anything else is `EINVAL`. */
  static Result<NetworkNamespace> open(const std::string& path);
  /** Duplicates a descriptor of one. */
  static Result<NetworkNamespace> duplicate(int fd);
  /** Takes a descriptor, after checking what it is. `path` is for the error. */
  static Result<NetworkNamespace> adopt(FileDescriptor fd, const std::string& path);

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] std::uint64_t inode() const { return inode_; }
  [[nodiscard]] std::uint64_t device() const { return device_; }
  [[nodiscard]] bool sameAs(const NetworkNamespace& other) const {
    return inode_ == other.inode_ && device_ == other.device_;
  }

  /** Moves the calling thread into it. */
  [[nodiscard]] Status enter() const;

 private:
  FileDescriptor fd_;
  std::uint64_t inode_ = 0;
  std::uint64_t device_ = 0;
};

using NamespacePointer = std::shared_ptr<const NetworkNamespace>;

/**
 * Makes a network namespace, and with a path pins it there by a bind mount, as `ip netns add` does: the
 * folder is made if it is missing, and becomes a shared mount. A file that exists is `EEXIST`.
 */
[[nodiscard]] Result<NetworkNamespace> createNamespace(const std::string& path);

/** Unmounts and deletes a pinned namespace. */
[[nodiscard]] Status unpinNamespace(const std::string& path);

}  // namespace netloom
