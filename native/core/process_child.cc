#include "core/process_child.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdint>

// Sanitizers keep state for each thread, which this code borrows from the parent's.
#define NETLOOM_UNINSTRUMENTED __attribute__((no_sanitize("address", "thread", "undefined")))

namespace netloom {
namespace {

constexpr int kExitCode = 127;

/** `Step` calls return a negative value and leave `errno` when they fail. */
class Child {
 public:
  NETLOOM_UNINSTRUMENTED explicit Child(const ChildPlan& plan) : plan_(plan) {}

  /** False when a step failed, which is then noted. */
  NETLOOM_UNINSTRUMENTED bool prepare() {
    resetSignalHandlers();
    if (plan_.detached) ::syscall(SYS_setsid);
    if (::syscall(SYS_setns, plan_.networkNamespace, CLONE_NEWNET) != 0) return fail("setns", nullptr);
    if ((plan_.mountSys || plan_.bindCount != 0) && !mountFiles()) return false;
    return placeDescriptors() && changeDirectory() && changeUser();
  }

  /** Comes back only when no file could be executed. */
  NETLOOM_UNINSTRUMENTED void execute() {
    // The mask survives execve. Handlers were reset, so nothing of the parent's runs when signals get
    // through.
    const std::uint64_t none = 0;
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof(none));
    int error = ENOENT;
    for (char* const* file = plan_.files; *file != nullptr; file++) {
      ::syscall(SYS_execve, *file, plan_.arguments, plan_.environment);
      // As execvp: go on where there is no such file, but remember one that may not be executed.
      if (errno == EACCES) {
        error = EACCES;
      } else if (errno != ENOENT && errno != ENOTDIR) {
        error = errno;
        break;
      }
    }
    errno = error;
    fail("execve", plan_.file);
  }

 private:
  NETLOOM_UNINSTRUMENTED bool fail(const char* call, const char* path) {
    plan_.failure->code = errno;
    plan_.failure->call = call;
    plan_.failure->path = path;
    return false;
  }

  NETLOOM_UNINSTRUMENTED void resetSignalHandlers() {
    // The kernel's own struct: all zero is the default action, without flags, on every architecture.
    alignas(8) const char defaultAction[64] = {};
    for (int signal = 1; signal <= 64; signal++) {
      ::syscall(SYS_rt_sigaction, signal, defaultAction, nullptr, sizeof(std::uint64_t));
    }
  }

  /** As `ip netns exec`: what is mounted here is seen by nobody else. */
  NETLOOM_UNINSTRUMENTED bool mountFiles() {
    if (::syscall(SYS_unshare, CLONE_NEWNS) != 0) return fail("unshare", nullptr);
    if (mount("", "/", "none", MS_SLAVE | MS_REC) != 0) return fail("mount", "/");
    if (plan_.mountSys && !mountSys()) return false;
    for (std::size_t index = 0; index < plan_.bindCount; index++) {
      const ChildPlan::Bind& bind = plan_.binds[index];
      if (mount(bind.source, bind.target, "none", MS_BIND) == 0 || errno == ENOENT) continue;
      return fail("mount", bind.target);
    }
    return true;
  }

  NETLOOM_UNINSTRUMENTED bool mountSys() {
    unsigned long flags = 0;
    if (::syscall(SYS_umount2, "/sys", MNT_DETACH) != 0) {
      // It cannot be taken away (or is none): then it is covered, a read-only one by another that is
      // read-only.
      struct statfs system {};
      if (::syscall(SYS_statfs, "/sys", &system) == 0 && (system.f_flags & MS_RDONLY) != 0) flags = MS_RDONLY;
    }
    if (mount("netloom", "/sys", "sysfs", flags) != 0) return fail("mount", "/sys");
    return true;
  }

  NETLOOM_UNINSTRUMENTED static long mount(const char* source, const char* target, const char* type,
                                           unsigned long flags) {
    return ::syscall(SYS_mount, source, target, type, flags, nullptr);
  }

  NETLOOM_UNINSTRUMENTED bool placeDescriptors() {
    for (std::size_t index = 0; index < plan_.descriptorCount; index++) {
      const int number = static_cast<int>(index);
      if (::syscall(SYS_dup3, plan_.descriptors[index], number, 0) < 0) return fail("dup3", nullptr);
      // Programs do not expect their standard streams to be non-blocking, as a runtime may have left them.
      if (number > STDERR_FILENO) continue;
      const long flags = ::syscall(SYS_fcntl, number, F_GETFL);
      if (flags >= 0 && (flags & O_NONBLOCK) != 0)
        ::syscall(SYS_fcntl, number, F_SETFL, flags & ~long{O_NONBLOCK});
    }
    // The table of descriptors is a copy, so this closes nothing of the parent's.
    ::syscall(SYS_close_range, plan_.descriptorCount, UINT_MAX, 0);
    return true;
  }

  NETLOOM_UNINSTRUMENTED bool changeDirectory() {
    if (plan_.directory == nullptr || ::syscall(SYS_chdir, plan_.directory) == 0) return true;
    return fail("chdir", plan_.directory);
  }

  NETLOOM_UNINSTRUMENTED bool changeUser() {
    if (plan_.user == nullptr && plan_.group == nullptr) return true;
    // Where groups may not be changed (a user namespace), there are none to drop.
    ::syscall(SYS_setgroups, 0, nullptr);
    if (plan_.group != nullptr && ::syscall(SYS_setgid, *plan_.group) != 0) return fail("setgid", nullptr);
    if (plan_.user != nullptr && ::syscall(SYS_setuid, *plan_.user) != 0) return fail("setuid", nullptr);
    return true;
  }

  const ChildPlan& plan_;
};

}  // namespace

NETLOOM_UNINSTRUMENTED int runChild(void* plan) {
  Child child(*static_cast<const ChildPlan*>(plan));
  if (child.prepare()) child.execute();
  ::syscall(SYS_exit_group, kExitCode);
  return kExitCode;
}

}  // namespace netloom
