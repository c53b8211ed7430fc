#include "test/isolation.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "core/file_descriptor.h"

namespace netloom::test {
namespace {

std::string failure = "isolate() was not called";

bool writeText(const char* path, const std::string& text) {
  const FileDescriptor fd(::open(path, O_WRONLY | O_CLOEXEC));
  return fd.valid() && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::string attempt() {
  const uid_t user = ::getuid();
  const gid_t group = ::getgid();
  const int user_flag = user == 0 ? 0 : CLONE_NEWUSER;
  if (::unshare(user_flag | CLONE_NEWNET | CLONE_NEWNS) != 0) {
    return std::string("this system allows no namespaces here: unshare: ") + std::strerror(errno);
  }
  if (user != 0) {
    writeText("/proc/self/setgroups", "deny");
    if (!writeText("/proc/self/uid_map", "0 " + std::to_string(user) + " 1")) return "uid_map was refused";
    if (!writeText("/proc/self/gid_map", "0 " + std::to_string(group) + " 1")) return "gid_map was refused";
  }
  if (::mount("", "/", "none", MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", "/run", "tmpfs", 0, "mode=755") != 0) {
    return std::string("mount: ") + std::strerror(errno);
  }
  return {};
}

std::size_t countEntries(const char* folder) {
  const std::filesystem::directory_iterator entries(folder);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

std::string isolate() {
  return failure = attempt();
}

const std::string& isolationFailure() {
  return failure;
}

std::size_t countDescriptors() {
  return countEntries("/proc/self/fd");
}
std::size_t countThreads() {
  return countEntries("/proc/self/task");
}

std::size_t countOwnThreads() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
    const FileDescriptor file(::open((entry.path() / "comm").c_str(), O_RDONLY | O_CLOEXEC));
    char name[9] = {};
    if (file.valid() && ::read(file.get(), name, 8) == 8 && std::string(name) == "netloom-") count++;
  }
  return count;
}

}  // namespace netloom::test
