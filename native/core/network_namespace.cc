#include "core/network_namespace.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <optional>

#include "core/thread.h"

namespace netloom {
namespace {

// `/proc/self` is the main thread's.
constexpr const char* kCurrentPath = "/proc/thread-self/ns/net";
constexpr const char* kProcessPath = "/proc/self/ns/net";

Result<NetworkNamespace> openTrusted(const char* path) {
  FileDescriptor fd(::open(path, O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return lastError("open", path);
  return NetworkNamespace::adopt(std::move(fd), path);
}

std::string parentOf(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/**
 * Makes the folder of pinned namespaces, shared, so that mounts in it reach the mount namespaces of other
 * processes. `ip netns add` prepares it the same way and under the same lock.
 */
Status prepareFolder(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return lastError("mkdir", folder);
  FileDescriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.valid()) return lastError("open", folder);
  // The lock goes with the descriptor. Where locks don't work, iproute2 goes on as well.
  while (::flock(lock.get(), LOCK_EX) != 0 && errno == EINTR) {
  }
  const char* path = folder.c_str();
  if (::mount("", path, "none", MS_SHARED | MS_REC, nullptr) == 0) return success();
  if (errno != EINVAL) return lastError("mount", folder);
  // It is no mount point yet.
  if (::mount(path, path, "none", MS_BIND | MS_REC, nullptr) != 0) return lastError("mount", folder);
  if (::mount("", path, "none", MS_SHARED | MS_REC, nullptr) != 0) return lastError("mount", folder);
  return success();
}

Status pinCurrent(const std::string& path) {
  if (Status prepared = prepareFolder(parentOf(path)); !prepared.ok()) return prepared;
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0));
  if (!file.valid()) return lastError("open", path);
  file.reset();
  if (::mount(kCurrentPath, path.c_str(), "none", MS_BIND, nullptr) == 0) return success();
  Error error = lastError("mount", path);
  ::unlink(path.c_str());
  return error;
}

/** Runs on a thread of its own, which ends in the namespace that it makes. */
Result<NetworkNamespace> createHere(const std::string& path) {
  if (::unshare(CLONE_NEWNET) != 0) return lastError("unshare");
  Result<NetworkNamespace> made = NetworkNamespace::current();
  if (!made.ok() || path.empty()) return made;
  if (Status pinned = pinCurrent(path); !pinned.ok()) return pinned.error();
  return made;
}

}  // namespace

Result<NetworkNamespace> NetworkNamespace::current() {
  return openTrusted(kCurrentPath);
}

Result<NetworkNamespace> NetworkNamespace::ofProcess() {
  return openTrusted(kProcessPath);
}

Result<NetworkNamespace> NetworkNamespace::open(const std::string& path) {
  // Without O_NONBLOCK, a FIFO would be waited for.
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.valid()) return lastError("open", path);
  return adopt(std::move(fd), path);
}

Result<NetworkNamespace> NetworkNamespace::duplicate(int fd) {
  FileDescriptor copy(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy.valid()) return lastError("fcntl");
  return adopt(std::move(copy), {});
}

Result<NetworkNamespace> NetworkNamespace::adopt(FileDescriptor fd, const std::string& path) {
  // The file system first: on another file, the number of the ioctl could mean anything.
  struct statfs system {};
  if (::fstatfs(fd.get(), &system) != 0) return lastError("fstatfs", path);
  if (static_cast<unsigned long>(system.f_type) != NSFS_MAGIC) return Error{EINVAL, "open", path};
  if (::ioctl(fd.get(), NS_GET_NSTYPE) != CLONE_NEWNET) return Error{EINVAL, "open", path};
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return lastError("fstat", path);
  NetworkNamespace self;
  self.fd_ = std::move(fd);
  self.inode_ = status.st_ino;
  self.device_ = status.st_dev;
  return self;
}

Status NetworkNamespace::enter() const {
  if (::setns(fd(), CLONE_NEWNET) != 0) return lastError("setns");
  return success();
}

Result<NetworkNamespace> createNamespace(const std::string& path) {
  std::optional<Result<NetworkNamespace>> made;
  const int error = runOnThrowawayThread([&made, &path] { made.emplace(createHere(path)); });
  if (error != 0) return Error{error, "pthread_create"};
  return std::move(*made);
}

Status unpinNamespace(const std::string& path) {
  const bool unmounted = ::umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) == 0;
  // EINVAL: not mounted, a file left behind; it is still to be deleted.
  if (!unmounted && errno != EINVAL) return lastError("umount2", path);
  if (::unlink(path.c_str()) != 0) return lastError("unlink", path);
  return success();
}

}  // namespace netloom
