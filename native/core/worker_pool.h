#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "core/network_namespace.h"
#include "core/result.h"

namespace netloom {

/** A thread of the pool, as the task that it runs sees it. It is at home whenever a task begins. */
class Worker {
 public:
  explicit Worker(NamespacePointer home) : home_(std::move(home)) {}

  /**
   * Runs `body` inside a namespace (at home without one) and returns. If there is no way back, the thread
   * ends after this task; what `body` returned is still good.
   */
  template <class Body>
  auto inside(const NamespacePointer& where, Body&& body) -> decltype(body()) {
    if (!where || (home_ && where->sameAs(*home_))) return body();
    if (!home_) return Error{ENOSYS, "setns"};
    if (Status entered = where->enter(); !entered.ok()) return entered.error();
    auto result = body();
    if (!home_->enter().ok()) lost_ = true;
    return result;
  }

  [[nodiscard]] bool lost() const { return lost_; }

 private:
  NamespacePointer home_;
  bool lost_ = false;
};

/** Something to be done on a worker. */
class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  virtual ~Task() = default;
  virtual void run(Worker& worker) = 0;
  /** Called instead of `run` when no thread can be had. */
  virtual void fail(const Error& error) = 0;
};

/** A few threads, started when there is work for them and ended when there was none for a while. */
class WorkerPool : public std::enable_shared_from_this<WorkerPool> {
 public:
  /** `home` is where tasks begin; it may be missing, and no namespace can be entered then. */
  explicit WorkerPool(NamespacePointer home);

  void submit(std::shared_ptr<Task> task);
  /** Drops what has not begun and takes nothing more. Tasks that run are not waited for. */
  void stop();
  /** True if tasks wait for a thread: a long task had better let them have a turn. */
  [[nodiscard]] bool crowded();

 private:
  void work();
  std::shared_ptr<Task> next();
  /** Looks for a task for a short while, one thread at a time. */
  void poll(std::unique_lock<std::mutex>& lock);
  void endThread();

  const NamespacePointer home_;
  const bool polls_;
  /** A thread polls, and no task has come since it began. */
  std::atomic<bool> polled_ = false;
  bool polling_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Task>> tasks_;
  int threads_ = 0;
  int idle_ = 0;
  bool stopped_ = false;
};

}  // namespace netloom
