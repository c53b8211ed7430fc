#include "core/worker_pool.h"

#include <chrono>
#include <thread>

#include "core/thread.h"

namespace netloom {
namespace {

constexpr int kMostThreads = 4;
constexpr auto kIdleTime = std::chrono::seconds(10);
// How long a thread looks for its next task before it sleeps. Who awaits one call after another comes back
// within that time, and waking a sleeping processor takes longer than most calls.
constexpr auto kBusyTime = std::chrono::microseconds(100);

}  // namespace

// With one processor, polling would keep the task from being submitted.
WorkerPool::WorkerPool(NamespacePointer home)
    : home_(std::move(home)), polls_(std::thread::hardware_concurrency() > 1) {}

void WorkerPool::submit(std::shared_ptr<Task> task) {
  std::unique_lock lock(mutex_);
  if (stopped_) return;
  tasks_.push_back(std::move(task));
  // Whoever polls sees this by itself.
  if (polled_.exchange(false, std::memory_order_relaxed)) return;
  if (static_cast<std::size_t>(idle_) >= tasks_.size()) {
    lock.unlock();
    wake_.notify_one();
    return;
  }
  if (threads_ == kMostThreads) return;
  threads_++;
  lock.unlock();

  const int error = startThread("netloom-worker", [self = shared_from_this()] { self->work(); });
  if (error == 0) return;
  lock.lock();
  if (--threads_ > 0) return;
  // Nobody is left to do it.
  std::deque<std::shared_ptr<Task>> stranded;
  stranded.swap(tasks_);
  lock.unlock();
  for (const std::shared_ptr<Task>& each : stranded) each->fail(Error{error, "pthread_create"});
}

void WorkerPool::stop() {
  std::deque<std::shared_ptr<Task>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(tasks_);
  }
  wake_.notify_all();
}

bool WorkerPool::crowded() {
  const std::lock_guard lock(mutex_);
  return !tasks_.empty() && idle_ == 0;
}

std::shared_ptr<Task> WorkerPool::next() {
  std::unique_lock lock(mutex_);
  idle_++;
  poll(lock);
  wake_.wait_for(lock, kIdleTime, [this] { return stopped_ || !tasks_.empty(); });
  idle_--;
  if (tasks_.empty()) {
    threads_--;
    return nullptr;
  }
  std::shared_ptr<Task> task = std::move(tasks_.front());
  tasks_.pop_front();
  return task;
}

void WorkerPool::poll(std::unique_lock<std::mutex>& lock) {
  if (!polls_ || polling_ || stopped_ || !tasks_.empty()) return;
  polling_ = true;
  polled_.store(true, std::memory_order_relaxed);
  lock.unlock();
  const auto until = std::chrono::steady_clock::now() + kBusyTime;
  while (polled_.load(std::memory_order_relaxed) && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
  lock.lock();
  polled_.store(false, std::memory_order_relaxed);
  polling_ = false;
}

void WorkerPool::work() {
  if (!returnHome(home_)) return endThread();
  Worker worker(home_);
  while (const std::shared_ptr<Task> task = next()) {
    task->run(worker);
    // A thread that is stuck in a namespace must not serve another one.
    if (worker.lost()) return endThread();
  }
}

void WorkerPool::endThread() {
  std::deque<std::shared_ptr<Task>> stranded;
  {
    const std::lock_guard lock(mutex_);
    if (--threads_ == 0) stranded.swap(tasks_);
  }
  // A replacement started here would begin in the same wrong place. The next `submit` starts one.
  for (const std::shared_ptr<Task>& task : stranded) task->fail(Error{EPERM, "setns"});
}

}  // namespace netloom
