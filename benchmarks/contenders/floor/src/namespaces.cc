#include "namespaces.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "fail.h"

namespace contender {
namespace {

constexpr const char* kOwn = "/proc/thread-self/ns/net";

}  // namespace

int openNamespace(const std::string& path) {
  return check(::open(path.c_str(), O_RDONLY | O_CLOEXEC), path.c_str());
}

int currentNamespace() {
  return openNamespace(kOwn);
}

void inNamespace(int fd, const std::function<void()>& work) {
  const int own = currentNamespace();
  check(::setns(fd, CLONE_NEWNET), "setns");
  work();
  check(::setns(own, CLONE_NEWNET), "setns");
  ::close(own);
}

std::string namedPath(const std::string& name) {
  return "/run/netns/" + name;
}

void enterNewNamespace(const std::string& path) {
  ::close(check(::open(path.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0), path.c_str()));
  check(::unshare(CLONE_NEWNET), "unshare");
  check(::mount(kOwn, path.c_str(), "none", MS_BIND, nullptr), "mount");
}

void removeName(const std::string& path) {
  check(::umount2(path.c_str(), MNT_DETACH), "umount2");
  check(::unlink(path.c_str()), "unlink");
}

}  // namespace contender
