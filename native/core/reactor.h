#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "core/file_descriptor.h"
#include "core/network_namespace.h"
#include "core/result.h"
#include "core/wake_event.h"

namespace netloom {

/** Something with a descriptor that becomes readable. */
class Watcher {
 public:
  Watcher() = default;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  virtual ~Watcher() = default;
  /** On the reactor's thread, once each time the descriptor was armed. */
  virtual void ready() = 0;
  /** True if it is to be watched to its end even when nobody is told of it any more. */
  [[nodiscard]] virtual bool outlivesReactor() const { return false; }
};

/**
 * One thread that waits for many descriptors: subscriptions and processes. It is started with the first of
 * them, and ends when there has been none for a while.
 */
class Reactor : public std::enable_shared_from_this<Reactor> {
 public:
  explicit Reactor(NamespacePointer home) : home_(std::move(home)) {}

  /** Watches a descriptor, which is armed once; gives the number by which it is known here. */
  [[nodiscard]] Result<std::uint64_t> watch(std::shared_ptr<Watcher> watcher, int fd);
  /** Arms it again. */
  void arm(std::uint64_t id, int fd);
  /** To be called before the descriptor is closed. */
  void unwatch(std::uint64_t id, int fd);
  /** Lets go of all but those that outlive it. */
  void stop();

 private:
  [[nodiscard]] Status open();
  void work();
  [[nodiscard]] bool endIfUnused(bool idle);

  const NamespacePointer home_;
  std::mutex mutex_;
  FileDescriptor epoll_;
  std::optional<WakeEvent> wake_;
  std::unordered_map<std::uint64_t, std::shared_ptr<Watcher>> watchers_;
  std::uint64_t lastId_ = 0;
  bool running_ = false;
  bool stopped_ = false;
};

}  // namespace netloom
