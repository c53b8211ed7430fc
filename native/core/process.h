#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/file_descriptor.h"
#include "core/network_namespace.h"
#include "core/reactor.h"
#include "core/result.h"

namespace netloom {

struct SpawnOptions {
  /** With a slash it is a path; else it is looked up in the `PATH` of `environment`. */
  std::string file;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::optional<std::string> directory;
  struct Stdio {
    enum class Kind { kNull, kSocket, kInherit } kind = Kind::kNull;
    FileDescriptor inherited;
  };
  /** For each descriptor of the child, from 0. */
  std::vector<Stdio> stdio;
  std::optional<uid_t> user;
  std::optional<gid_t> group;
  bool detached = false;
  /** A mount namespace of its own, with `/sys` mounted for the network namespace. */
  bool mountSys = false;
  /** Source and target of bind mounts inside it. Those whose files are missing are passed over. */
  std::vector<std::pair<std::string, std::string>> binds;
};

struct ProcessExit {
  std::optional<int> code;
  std::optional<int> signal;
};

/** A child process. It is always reaped, whether or not anybody still wants to know. */
class Process : public Watcher, public std::enable_shared_from_this<Process> {
 public:
  using Observer = std::function<void(ProcessExit)>;

  /** Starts it inside a network namespace. If it cannot be executed, nothing is left of it. */
  static Result<std::shared_ptr<Process>> spawn(const std::shared_ptr<Reactor>& reactor,
                                                const NetworkNamespace& where, const SpawnOptions& options);

  [[nodiscard]] pid_t pid() const { return pid_; }
  /** Our ends of the socket pairs; invalid where there is none. To be taken once. */
  [[nodiscard]] std::vector<FileDescriptor> takeStdio() { return std::move(stdio_); }
  /** 0, or the errno: `ESRCH` when it has ended. */
  [[nodiscard]] int kill(int signal) const;
  /** Called once, at once if it has ended already. */
  void observe(Observer observer);

  void ready() override;
  [[nodiscard]] bool outlivesReactor() const override { return true; }

 private:
  Process(pid_t pid, FileDescriptor pidfd, std::vector<FileDescriptor> stdio)
      : pid_(pid), pidfd_(std::move(pidfd)), stdio_(std::move(stdio)) {}

  const pid_t pid_;
  const FileDescriptor pidfd_;
  std::vector<FileDescriptor> stdio_;
  std::weak_ptr<Reactor> reactor_;
  std::mutex mutex_;
  std::uint64_t id_ = 0;
  std::optional<ProcessExit> exit_;
  Observer observer_;
};

}  // namespace netloom
